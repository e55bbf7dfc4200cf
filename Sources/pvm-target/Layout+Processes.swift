import Glibc

extension Layout {
  /// Threads, children, and what becomes of the process.
  static let processes: [Layout] = [
    Layout(
      "threads", default: 4, "thread_I= ids of N more threads; thread_count_I= a u64 each counts up"
    ) {
      stage, count in
      for number in 1...count { addThread(number, to: stage) }
    },
    Layout("leader-exit", "the first thread has ended, worker= id of the one that runs the game") {
      stage, _ in stage.leaderExits = true
    },
    Layout(
      "exec", default: 1000, "replaces itself by execve every N ms; addresses are printed once"
    ) {
      stage, milliseconds in stage.execSeconds = Double(milliseconds) / 1000
    },
    Layout("zombie", "zombie= id of a child that ended and is never waited for") { stage, _ in
      let child = KernelCall.fork()
      if child == 0 { _exit(0) }
      var information = siginfo_t()
      waitid(P_PID, id_t(child), &information, WEXITED | WNOWAIT)
      stage.book.add("zombie", UInt64(child))
    },
    Layout(
      "cow", default: 64,
      "cow= N MiB shared copy-on-write with a child; cow_child="
    ) {
      stage, count in
      let block = Block.pages(count << 20)
      block.fillWithPattern()
      let child = KernelCall.fork()
      if child == 0 { sleepAsChild() }
      stage.add("cow", block)
      stage.book.add("cow_child", UInt64(child))
    },
    Layout("non-dumpable", "PR_SET_DUMPABLE 0: only privileged readers may look in") { _, _ in
      KernelCall.forbidInspection()
    },
  ]

  /// Holds the shared memory until the parent is gone, and keeps none of its pipes open.
  private static func sleepAsChild() -> Never {
    KernelCall.dieWithParent()
    for descriptor: Int32 in 0...2 { close(descriptor) }
    while true { pause() }
  }

  private static func addThread(_ number: Int, to stage: Stage) {
    let counter = Block.heap(16)
    let shared = UncheckedBox(value: counter)
    startThread {
      shared.value.store(UInt64(KernelCall.threadID()), at: 8)
      while true {
        shared.value.store(shared.value.load(0, as: UInt64.self) &+ 1, at: 0)
        usleep(1000)
      }
    }
    while counter.load(8, as: UInt64.self) == 0 { usleep(100) }
    stage.threadCounts.append(counter)
    stage.book.add("thread_\(number)", counter.load(8, as: UInt64.self))
    stage.book.add("thread_count_\(number)", counter)
  }
}
