// How much of the calling thread's stack is left: what recurses over input from outside asks before it goes deeper.
#pragma once

#include <pthread.h>

#include <cstddef>

namespace mastic {

/// True when more than half of the stack is used.
inline bool stack_is_low() {
  struct Bounds {
    const char* lowest = nullptr;
    std::size_t size = 0;
    Bounds() {
      pthread_attr_t attributes;
      if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
      void* address = nullptr;
      if (pthread_attr_getstack(&attributes, &address, &size) == 0) lowest = static_cast<const char*>(address);
      pthread_attr_destroy(&attributes);
    }
  };
  thread_local const Bounds bounds;
  const char here = 0;
  return bounds.lowest != nullptr && static_cast<std::size_t>(&here - bounds.lowest) < bounds.size / 2;
}

}  // namespace mastic
