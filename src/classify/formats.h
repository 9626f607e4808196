// The formats, each a function from bytes to an inspection: nothing for a file that is not of the format; a failure, whose
// message says what is wrong, for one that claims to be and cannot be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "classify/classifier.h"
#include "classify/content.h"
#include "classify/decompress.h"
#include "classify/inspection.h"

namespace mastic::classify {

using Recognised = Result<std::optional<Inspection>>;

// By their marks; metadata alone is read.
Recognised recognise_avro(const Content& content);
Recognised recognise_orc(const Content& content);
Recognised recognise_parquet(const Content& content);

// Whole documents and lines.
/// Rows are the documents themselves.
Recognised recognise_json(const Text& text);
/// Rows are what the path selects.
Recognised recognise_json(const Text& text, const JsonClassifier& classifier);
/// Rows are the elements of a name; empty: those that repeat most below the root.
Recognised recognise_xml(const Text& text, std::string_view row_tag, std::string_view classification);
/// The formats of servers' logs that Glue knows by name.
Recognised recognise_log(const Text& text);
Recognised recognise_grok(const Text& text, const GrokClassifier& classifier);
Recognised recognise_csv(const Text& text, const CsvClassifier& classifier);

/// Formats that Glue knows and nothing here reads: an inspection with a problem.
std::optional<Inspection> recognise_unread(std::string_view bytes);

/// Whether bytes are text in UTF-8, perhaps cut in the middle of a character.
bool is_text(std::string_view bytes);

/// The lines of a text, without their ends; an unfinished last one is left out.
std::vector<std::string_view> lines_of(const Text& text, std::size_t maximum);

/// The whole file's number of records, from that of the part that was read.
uint64_t estimate(uint64_t seen, double share_read);

}  // namespace mastic::classify
