#include "base/rehearsal.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace rppg {
namespace {

[[noreturn]] void run_child(const std::function<void()>& work) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) std::signal(signal, SIG_DFL);
  ::close(STDOUT_FILENO);
  ::close(STDERR_FILENO);
  try {
    work();
  } catch (...) {  // NOLINT(bugprone-empty-catch): the caller will see it when it does the work
  }
  ::_exit(0);
}

}  // namespace

bool survives(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child < 0) {
    throw Error(Status::resource, concat("cannot start a process: ", std::strerror(errno)));
  }
  if (child == 0) run_child(work);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace rppg
