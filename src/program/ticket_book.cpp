#include "program/ticket_book.h"

namespace mastic::program {

void TicketBook::assign(const std::string& ticket, const std::string& access_key, const std::string& run_id) {
  {
    const std::scoped_lock lock(mutex_);
    runs_[ticket] = run_id;
  }
  if (rights_ != nullptr) rights_->assign(ticket, access_key, run_id);
}

void TicketBook::withdraw(const std::string& ticket) {
  {
    const std::scoped_lock lock(mutex_);
    runs_.erase(ticket);
  }
  if (rights_ != nullptr) rights_->withdraw(ticket);
}

std::string TicketBook::run_of(std::string_view ticket) const {
  const std::scoped_lock lock(mutex_);
  const auto found = runs_.find(ticket);
  return found == runs_.end() ? std::string() : found->second;
}

}  // namespace mastic::program
