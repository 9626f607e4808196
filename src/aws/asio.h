// Boost.Asio 1.74 as we use it. It calls std::exchange without including <utility>, so that has to stand first.
#pragma once

// clang-format off
#include <utility>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
// clang-format on

// g++ 12 takes the frames' operator new and delete, both of one base class, for a mismatched pair once it has inlined one.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
