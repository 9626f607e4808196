// What a request's members say: its body, parsed once whatever is asked of it.
//
// A path names members of JSON from the top: "TableInput.Name", "JobNames[]" for a list's elements, "RequestItems.*" for an
// object's names. Of a form it is a parameter's name. When a member is written twice, each of its values counts. A body that
// cannot be read says nothing; the handler refuses it. Lives as long as one decision, on one thread; one at a time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/call.h"
#include "aws/service.h"
#include "iam/policy/match.h"

namespace mastic::iam {

class RequestTexts {
 public:
  RequestTexts(const aws::Service& service, const aws::IncomingCall& call) : service_(service), call_(call) {}

  [[nodiscard]] std::vector<std::string> at(std::string_view path);
  /// aws:RequestTag/… and aws:TagKeys, of the tags that the request gives or takes away.
  void add_tags(policy::Keys& keys);

 private:
  [[nodiscard]] bool is_json() const;
  bool read();
  void add_json_tags(policy::Keys& keys) const;
  void add_form_tags(policy::Keys& keys) const;

  const aws::Service& service_;
  const aws::IncomingCall& call_;
  bool tried_ = false;
  bool readable_ = false;
  std::vector<aws::Parameter> form_;
};

}  // namespace mastic::iam
