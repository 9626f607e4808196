// The console's pages: its files, and signing in.
//
//   console::Console console(keys_or_null, clock);
//   console.add_pages(pages);                              // before the server runs
//   options.session_of = console.session_of();             // so that AWS's protocols take the console's cookie
//
// Paths, below /_mastic/console:
//   GET    /…         an asset; whatever has no file is the console's own page (its router knows the rest)
//   GET    /session   {"keys_required": …, "access_key": …, "csrf": …}
//   POST   /session   {"access_key": …, "secret_access_key": …} → the same, and the cookie; 403 when they do not match
//   DELETE /session   signs out
// Thread-safe. The keys and the clock outlive it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/http_head.h"
#include "aws/key_store.h"
#include "aws/pages.h"
#include "base/clock.h"

namespace mastic::console {

class Sessions;

class Console {
 public:
  /// `keys` null: nobody needs to sign in.
  Console(const aws::KeyStore* keys, const Clock& clock);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  void add_pages(aws::Pages& pages);

  /// In whose name an unsigned request to an AWS service comes; it must show the session's token.
  [[nodiscard]] std::function<std::optional<std::string>(const aws::HttpHead&)> session_of() const;

 private:
  std::unique_ptr<Sessions> sessions_;  // null without keys
};

}  // namespace mastic::console
