// Boost.Asio 1.74 as we use it. It calls std::exchange without including <utility>, so that has to stand first.
#pragma once

// clang-format off
#if defined(__clang__)
// It would look for <experimental/coroutine>, which clang 19 no longer needs.
#define BOOST_ASIO_HAS_CO_AWAIT 1
#define BOOST_ASIO_HAS_STD_COROUTINE 1
#endif
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
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
