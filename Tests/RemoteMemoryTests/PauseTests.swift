import CProcessVM
import MemoryModel
import RemoteMemoryFixtures
import Testing

@testable import RemoteMemory

/// A process stands still while it is paused, goes on in every case, and notices nothing.
@Suite struct PauseTests {
  static func state(_ id: ProcessID) -> ProcessState? {
    try? ProcessStat.current(id).get().state
  }

  /// Whether a process goes on, or comes to do so: it has no tracer and is not stopped.
  static func goesOn(_ id: ProcessID) -> Bool {
    eventually {
      guard let status = try? ProcessStatus.current(id).get() else { return false }
      return status.tracer == nil && status.state != .traced && status.state != .stopped
    }
  }

  static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<5000 {
      if try condition() { return true }
      pvm_sleep(1_000_000)
    }
    return false
  }

  /// A program of the probe, with its first line.
  static func probe(_ words: String...) throws -> (child: SpawnedProcess, line: String) {
    let child = try Target.start([Target.program("RemoteMemoryProbe")] + words)
    let line = try child.receiveLine(seconds: 20) ?? []
    return (child, String(decoding: line, as: UTF8.self))
  }

  static func word(_ process: RemoteProcess, _ place: Address) throws(RemoteMemoryError) -> UInt64 {
    try process.readPointer(at: place).rawValue
  }

  static func ask(_ child: SpawnedProcess, _ line: String) throws -> String {
    try child.send(Array((line + "\n").utf8))
    return String(decoding: try child.receiveLine(seconds: 20) ?? [], as: UTF8.self)
  }

  @Test("every thread stands still, with its registers, and goes on", arguments: [0, 1, 100])
  func threads(_ count: Int) throws {
    let target = try count == 0 ? Target() : Target("threads=\(count)")
    let process = try target.attach()
    let counts = (0..<count).map { target("thread_count_\($0 + 1)") }
    func sum() throws -> UInt64 {
      try counts.reduce(0) { $0 &+ (try Self.word(process, $1)) }
    }
    for _ in 0..<3 {
      let before = try sum()
      let pause = try process.pause()
      #expect(pause.isHolding && pause.end == nil)
      #expect(pause.threads.count == count + 1)
      #expect(pause.threads.first?.id == target.id)
      #expect(Set(pause.threads.map(\.id)).count == count + 1)
      for thread in pause.threads {
        #expect((thread.registers?.count ?? 0) >= 64)
        #expect((thread.floatRegisters?.count ?? 0) >= 64)
        #expect(
          (try ProcessStat.current(target.id, thread: thread.id).get()).state == .traced)
      }
      let still = try sum()
      pvm_sleep(2_000_000)
      #expect(try sum() == still)
      #expect(pause.resume() == .resumed)
      #expect(pause.resume() == .resumed)
      #expect(!pause.isHolding && pause.seconds > 0)
      #expect(Self.goesOn(target.id))
      #expect(try count == 0 || Self.eventually { try sum() > still && still >= before })
      #expect(try target.ask("score").hasPrefix("score"))
    }
  }

  @Test("nothing changes though threads come and go all the time")
  func spawner() throws {
    let (child, line) = try Self.probe("--spawner")
    defer { ProcessTests.end(child) }
    let words = try Address(#require(UInt64(line.dropFirst("words=0x".count), radix: 16)))
    let process = try RemoteProcess.attach(child.id)
    var seen: Set<UInt64> = []
    for _ in 0..<100 {
      try process.paused { (_) throws(RemoteMemoryError) in
        let first = try process.readBytes(at: words, count: 16)
        pvm_sleep(200_000)
        let second = try process.readBytes(at: words, count: 16)
        #expect(first == second)
        seen.insert(try Self.word(process, words))
      }
    }
    #expect(seen.count > 50)
    #expect(Self.goesOn(child.id))
  }

  @Test("no signal is lost")
  func signals() throws {
    let count = 20_000
    let (child, _) = try Self.probe("--signals", "\(count)")
    defer { ProcessTests.end(child) }
    let process = try RemoteProcess.attach(child.id)
    _ = try Self.ask(child, "send")
    var pauses = 0
    var received = 0
    for _ in 0..<20_000 where received < count {
      try process.pause().resume()
      pauses += 1
      if pauses % 50 == 0 { received = Int(try Self.ask(child, "count")) ?? -1 }
    }
    #expect(received == count)
    #expect(pauses >= 100)
  }

  @Test("no signal is lost when the pausing process is killed")
  func signalsOfKilled() throws {
    let count = 20_000
    let (child, _) = try Self.probe("--signals", "\(count)")
    defer { ProcessTests.end(child) }
    _ = try Self.ask(child, "send")
    for _ in 0..<30 {
      let (pauser, line) = try Self.probe("--pause", "\(child.id)")
      #expect(line.hasPrefix("paused"))
      ProcessTests.end(pauser)
      #expect(Self.goesOn(child.id))
    }
    #expect(try Self.eventually { try Self.ask(child, "count") == "\(count)" })
  }

  @Test("our SIGKILL at any moment lets it go on")
  func killed() throws {
    let target = try Target("threads=8")
    let process = try target.attach()
    var paused = 0
    for round in 0..<100 {
      let child = try Target.start(
        [Target.program("RemoteMemoryProbe"), "--pause", "\(target.id)"])
      if round % 2 == 0 {
        if try child.receiveLine(seconds: 20) == Array("paused 9".utf8) { paused += 1 }
      } else {
        pvm_sleep(UInt64(round) * 150_000)
      }
      ProcessTests.end(child)
      #expect(Self.goesOn(target.id))
    }
    #expect(paused == 50)
    let count = try Self.word(process, target("thread_count_8"))
    #expect(
      try Self.eventually { try Self.word(process, target("thread_count_8")) > count })
    #expect(try target.ask("score").hasPrefix("score"))
  }

  @Test("what was stopped by a signal stays so", arguments: [0, 4])
  func stopped(_ threads: Int) throws {
    let target = try threads == 0 ? Target() : Target("threads=\(threads)")
    let process = try target.attach()
    try target.child.signal(19)
    #expect(Self.eventually { Self.state(target.id) == .stopped })
    for _ in 0..<5 {
      let pause = try process.pause()
      #expect(Self.state(target.id) == .traced)
      pause.resume()
      #expect(Self.eventually { Self.state(target.id) == .stopped })
    }
    try target.child.signal(18)
    #expect(Self.goesOn(target.id))
    #expect(try target.ask("score").hasPrefix("score"))
  }

  @Test("SIGSTOP and SIGCONT count that come meanwhile")
  func stoppedMeanwhile() throws {
    let target = try Target()
    let process = try target.attach()
    let pause = try process.pause()
    try target.child.signal(19)
    pause.resume()
    #expect(Self.eventually { Self.state(target.id) == .stopped })
    let second = try process.pause()
    try target.child.signal(18)
    second.resume()
    #expect(Self.goesOn(target.id))
    #expect(try target.ask("score").hasPrefix("score"))
  }

  @Test("ourselves and our ancestors are refused")
  func refused() throws {
    let own = try RemoteProcess.attach(ProcessID(System.ownPID))
    #expect(failure { try own.pause() }?.code == "EINVAL")
    var parent = try ProcessStat.current(own.id).get().parent
    var refused = 0
    while parent.rawValue > 0 {
      if let process = try? RemoteProcess.attach(parent) {
        let error = failure { try process.pause() }
        #expect(error?.code == "EINVAL")
        #expect(error?.message.contains("started this process") == true)
        refused += 1
      }
      #expect(Self.state(parent) != .traced)
      parent = try ProcessStat.current(parent).get().parent
    }
    #expect(refused > 0 || fixture_uid() != 0)
  }

  @Test("a time that makes no sense is refused", arguments: [0, -1, .nan, .infinity, 1e9])
  func noSense(_ seconds: Double) throws {
    let target = try Target()
    let process = try target.attach()
    #expect(failure { try process.pause(seconds: seconds) }?.code == "EINVAL")
    #expect(Self.state(target.id) != .traced)
  }

  @Test("another tracer is named, and left alone")
  func traced() throws {
    let target = try Target()
    let process = try target.attach()
    let (pauser, line) = try Self.probe("--pause", "\(target.id)")
    defer { ProcessTests.end(pauser) }
    #expect(line == "paused 1")
    let error = failure { try process.pause() }
    #expect(error?.code == "EPERM")
    #expect(error?.message.contains("traces it already") == true, "\(error?.message ?? "")")
    #expect(Self.state(target.id) == .traced)
    pauser.closeInput()
    #expect(try pauser.waitForExit(seconds: 20) == .exited(code: 0))
    #expect(Self.goesOn(target.id))
    #expect(try process.pause().resume() == .resumed)
  }

  @Test("it goes on by itself when the time is up")
  func deadline() throws {
    let target = try Target()
    let process = try target.attach()
    let pause = try process.pause(seconds: 0.05)
    #expect(Self.eventually { !pause.isHolding })
    #expect(pause.end == .deadline)
    #expect(Self.goesOn(target.id))
    #expect(pause.resume() == .deadline)
    #expect(pause.seconds <= 0.05)
    let error = failure {
      try process.paused(seconds: 0.01) { (_) throws(RemoteMemoryError) in pvm_sleep(30_000_000) }
    }
    #expect(error?.code == "ETIMEDOUT")
    #expect(Self.goesOn(target.id))
  }

  @Test("it goes on when the pause is forgotten")
  func forgotten() throws {
    let target = try Target()
    let process = try target.attach()
    do {
      let pause = try process.pause()
      #expect(pause.isHolding)
    }
    #expect(Self.goesOn(target.id))
  }

  @Test("several pauses hold it until the last one ends, through any handle")
  func nested() throws {
    let target = try Target("threads=2")
    let (one, other) = (try target.attach(), try target.attach())
    let outer = try one.pause()
    let inner = try other.pause(seconds: 60)
    let short = try one.pause(seconds: 0.01)
    #expect(inner.threads == outer.threads)
    #expect(Self.eventually { !short.isHolding })
    #expect(inner.resume() == .resumed)
    #expect(outer.isHolding && !inner.isHolding)
    #expect(Self.state(target.id) == .traced)
    #expect(short.resume() == .deadline)
    #expect(Self.state(target.id) == .traced)
    one.close()
    #expect(outer.resume() == .resumed)
    #expect(Self.goesOn(target.id))
  }

  @Test("many threads of ours pause one process at once")
  func atOnce() async throws {
    let target = try Target("threads=3")
    let process = try target.attach()
    try await withThrowingTaskGroup(of: PauseEnd.self) { group in
      for _ in 0..<40 {
        group.addTask { try process.pause(seconds: 60).resume() }
      }
      for try await end in group { #expect(end == .resumed) }
    }
    #expect(Self.goesOn(target.id))
  }

  @Test("SIGKILL ends what is paused, and its parent hears of it")
  func killedTarget() throws {
    let target = try Target("threads=4")
    let process = try target.attach()
    let pause = try process.pause()
    try target.child.signal(9)
    #expect(try target.child.waitForExit(seconds: 20) == .killed(signal: 9))
    #expect(pause.end == .targetEnded)
    #expect(pause.resume() == .targetEnded)
    #expect(failure { try process.pause() }?.code == "ESRCH")
    #expect(failure { try pause.checkHeld() }?.code == "ESRCH")
  }

  @Test("a process whose first thread has ended")
  func leaderExited() throws {
    let target = try Target("threads=2", "leader-exit")
    let process = try target.attach()
    let pause = try process.pause()
    #expect(pause.threads.count == 3)
    #expect(pause.threads.allSatisfy { $0.id != target.id && $0.registers != nil })
    pause.resume()
    #expect(try target.ask("score").hasPrefix("score"))
  }

  @Test("a thread that waits for the child of its vfork stays where it is")
  func vfork() throws {
    let (child, _) = try Self.probe("--vfork")
    defer { ProcessTests.end(child) }
    #expect(Self.eventually { Self.state(child.id) == .diskSleep })
    let process = try RemoteProcess.attach(child.id)
    for _ in 0..<3 {
      let pause = try process.pause()
      #expect(pause.threads.map(\.registers) == [nil])
      pause.resume()
    }
    #expect(Self.goesOn(child.id))
    child.closeInput()
    #expect(try child.waitForExit(seconds: 20) == .exited(code: 0))
  }

  @Test("what has ended, was closed, or runs another program is not paused")
  func lost() throws {
    let target = try Target()
    let process = try target.attach()
    _ = try target.ask("exec")
    while let line = try target.child.receiveLine(seconds: 20), line != Array("ready".utf8) {}
    #expect(failure { try process.pause() }?.code == "EXEC")
    #expect(Self.goesOn(target.id))
    let again = try target.attach()
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 20)
    #expect(failure { try again.pause() }?.code == "ESRCH")
    again.close()
    #expect(failure { try again.pause() }?.code == "ECLOSED")
  }

  @Test("an interrupt ends the attempt, and nothing stays stopped")
  func interrupted() throws {
    let target = try Target()
    let process = try target.attach(AttachOptions(interrupt: InterruptCheck { true }))
    if let error = failure({ try process.pause().resume() }) {
      #expect(error.code == "EINTERRUPTED")
    }
    #expect(Self.goesOn(target.id))
  }

  @Test("no descriptor and no thread of ours is left")
  func leaves() throws {
    let target = try Target()
    let process = try target.attach()
    for _ in 0..<2000 { try process.pause().resume() }
    let threads = ProcessStat.liveThreads(of: ProcessID(System.ownPID)).count
    #expect(threads < 200)
  }
}
