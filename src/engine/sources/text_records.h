// mastic_records(paths, options): the records of text files, one a row, with the file that each is from.
//
//   record VARCHAR, path VARCHAR
//
// `options` is one text of `name<US>value<RS>` pairs (US, RS: the separators of ASCII):
//   separator   ends a record; empty: \n, \r\n or \r
//   whole       true: a file is one record
//   encoding    a character set of iconv's; else UTF-8, where what is malformed becomes U+FFFD
//   quote, escape   a record's end inside of quotes does not count (CSV with multiLine)
//   header      true: each file's first record that is not blank is passed over
//   names       what that header must be: cells divided by the separator `cells`, by column
//   comment     records that begin with it are passed over
//   blank       drop: records without anything but blanks are passed over
//   row_tag     records are the elements of this name (XML)
//
// A file is read by one thread, from its beginning to its end; files are in order. Compression is told by the name's end:
// gzip, zstd, bzip2, as the object stores' and local files' systems open them.
#pragma once

#include <duckdb/main/extension/extension_loader.hpp>

namespace mastic::engine {

void register_text_records(duckdb::ExtensionLoader& loader);

}  // namespace mastic::engine
