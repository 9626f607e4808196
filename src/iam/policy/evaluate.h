// What one policy document says to one request. Pure; a document is read by any number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "iam/policy/document.h"
#include "iam/policy/match.h"

namespace mastic::iam::policy {

/// Who asks, as trust and bucket policies name principals.
struct Asker {
  std::span<const std::string> arns;  // of the user; or of the role and of its session
  std::string_view account_id;
  std::string_view service;  // "glue.amazonaws.com"; empty for people
};

struct Question {
  std::string_view action;  // lower-case
  std::string_view resource;
  const Keys& keys;
  const Asker* asker = nullptr;  // of policies with principals
};

enum class Outcome : uint8_t {
  silent,     // nothing in it applies
  delegated,  // allows the account: the asker's own policies must allow it too
  allowed,
  denied,  // explicitly, which nothing outweighs
};

Outcome evaluate(const Document& document, const Question& question);
Outcome evaluate(std::span<const Document> documents, const Question& question);

/// Whether a statement's actions and resources are the question's, whoever asks and on whatever condition.
bool speaks_of(const Statement& statement, const Question& question);
/// Whether it says anything to the question.
bool applies(const Statement& statement, const Question& question);

bool holds(const Condition& condition, const Keys& keys);

}  // namespace mastic::iam::policy
