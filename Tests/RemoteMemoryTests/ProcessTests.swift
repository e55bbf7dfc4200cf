import CProcessVM
import MemoryModel
import RemoteMemory
import RemoteMemoryFixtures
import Testing

/// Finding, waiting for, starting and ending processes.
@Suite struct ProcessTests {
  /// A `sleep` that nobody else has: its argument is a number of seconds made from our own.
  static func sleep(_ tag: Int) throws -> SpawnedProcess {
    var request = SpawnRequest(["sleep", "9\(pvm_own_pid())\(tag)"])
    request.output = .null
    return try SpawnedProcess.spawn(request)
  }

  static func end(_ child: SpawnedProcess) {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 20)
  }

  static func query(_ tag: Int, _ pick: ProcessQuery.Pick = .only) -> ProcessQuery {
    let wanted = Array("sleep 9\(pvm_own_pid())\(tag)".utf8)
    return ProcessQuery(name: "sleep", commandLine: { $0 == wanted }, pick: pick)
  }

  @Test("a process by its criteria; several are listed")
  func query() throws {
    let one = try Self.sleep(1)
    defer { Self.end(one) }
    #expect(try RemoteProcess.attach(Self.query(1)).id == one.id)
    let two = try Self.sleep(1)
    defer { Self.end(two) }
    let error = failure { try RemoteProcess.attach(Self.query(1)) }
    #expect(error?.code == "EAMBIGUOUS")
    guard case .ambiguous(let candidates)? = error?.cause else {
      Issue.record("no candidates")
      return
    }
    #expect(Set(candidates.map(\.id)) == [one.id, two.id])
    #expect(error?.hint?.contains("\(one.id)") == true)
    #expect(error?.hint?.contains("\(two.id)") == true)
    // Two that start within one clock tick are told apart by their numbers.
    let order = [one, two].sorted {
      ($0.summary?.startTime ?? 0, $0.id) < ($1.summary?.startTime ?? 0, $1.id)
    }
    #expect(try RemoteProcess.attach(Self.query(1, .newest)).id == order[1].id)
    #expect(try RemoteProcess.attach(Self.query(1, .oldest)).id == order[0].id)
    #expect(try RemoteProcess.list(Self.query(1)).map(\.id) == [one.id, two.id].sorted())
    let none = failure { try RemoteProcess.attach(ProcessQuery(name: "no such program")) }
    #expect(none?.code == "ENOENT")
    #expect(none?.message.contains("no such program") == true)
  }

  @Test("program, user and number narrow a query")
  func criteria() throws {
    let child = try Self.sleep(2)
    defer { Self.end(child) }
    let summary = try #require(child.summary)
    #expect(summary.name == "sleep")
    #expect(summary.userID == fixture_uid())
    #expect(summary.parent.rawValue == pvm_own_pid())
    #expect(!summary.isKernelThread)
    #expect(summary.arguments.count == 2)
    let path = try #require(summary.executable)
    for program in [path, String(path.split(separator: "/").last ?? "")] {
      #expect(try RemoteProcess.list(ProcessQuery(id: child.id, executable: program)).count == 1)
    }
    #expect(try RemoteProcess.list(ProcessQuery(id: child.id, userID: fixture_uid() &+ 1)).isEmpty)
    #expect(try RemoteProcess.attach(ProcessQuery(id: child.id)).id == child.id)
    #expect(
      failure { try RemoteProcess.attach(ProcessQuery(id: child.id, name: "other")) }?.code
        == "ENOENT")
    #expect(failure { try RemoteProcess.attach(ProcessQuery(id: ProcessID(-1))) }?.code == "EINVAL")
  }

  @Test("our own process is not found by name, but by number")
  func ourselves() throws {
    let own = try #require(ProcessSummary(ProcessID(pvm_own_pid())))
    let found = failure {
      try RemoteProcess.attach(ProcessQuery(name: own.name, commandLine: { $0.count > 0 }))
    }
    #expect(found == nil || found?.code == "ENOENT" || found?.code == "EAMBIGUOUS")
    #expect(try RemoteProcess.attach(own.id).id == own.id)
  }

  @Test("waiting ends when the process is there, or when the time is up")
  func wait() throws {
    #expect(failure { try RemoteProcess.wait(for: Self.query(3), seconds: 0) }?.code == "ETIMEDOUT")
    let child = try Self.sleep(3)
    defer { Self.end(child) }
    #expect(try RemoteProcess.wait(for: Self.query(3), seconds: 20).id == child.id)
  }

  @Test(
    "the end of a child and how it came",
    arguments: [
      (["sh", "-c", "exit 3"], RemoteMemory.ExitStatus.exited(code: 3)),
      (["sh", "-c", "kill -15 $$"], .killed(signal: 15)),
      (["true"], .exited(code: 0)),
    ])
  func exits(_ words: [String], _ status: RemoteMemory.ExitStatus) throws {
    let child = try SpawnedProcess.spawn(SpawnRequest(words))
    #expect(try child.waitForExit(seconds: 20) == status)
    #expect(child.exit == status)
    #expect(failure { try child.signal(9) }?.cause == .gone(status))
  }

  @Test("lines go to and fro")
  func pipes() throws {
    var request = SpawnRequest([
      "sh", "-c", "while read line; do echo \"<$line>\"; echo two >&2; done; printf rest",
    ])
    request.input = .pipe
    request.output = .pipe
    request.error = .pipe
    let child = try SpawnedProcess.spawn(request)
    try child.send(Array("hello\n".utf8))
    #expect(try child.receiveLine(seconds: 20) == Array("<hello>".utf8))
    #expect(try child.receiveErrorLine(seconds: 20) == Array("two".utf8))
    #expect(failure { try child.receiveLine(seconds: 0) }?.code == "ETIMEDOUT")
    child.closeInput()
    #expect(try child.receiveLine(seconds: 20) == Array("rest".utf8))
    #expect(try child.receiveLine(seconds: 20) == nil)
    #expect(failure { try child.send([1]) }?.code == "EINVAL")
    #expect(try child.waitForExit(seconds: 20) == .exited(code: 0))
  }

  @Test("writing to a child that has ended is an error and no signal")
  func brokenPipe() throws {
    var request = SpawnRequest(["true"])
    request.input = .pipe
    let child = try SpawnedProcess.spawn(request)
    _ = try child.waitForExit(seconds: 20)
    // A child that another test is just starting holds a copy of the pipe until its exec.
    var error: RemoteMemoryError?
    for _ in 0..<1000 where error == nil {
      error = failure { try child.send([10]) }
      if error == nil { pvm_sleep(10_000_000) }
    }
    #expect(error?.code == "EPIPE")
  }

  @Test("a child starts clean: folder, environment, descriptors and signals as asked")
  func clean() throws {
    var request = SpawnRequest([
      "/bin/sh", "-c",
      "pwd; echo $A; ls /proc/self/fd | wc -l; grep -E '^Sig(Blk|Ign)' /proc/self/status",
    ])
    request.output = .pipe
    request.directory = Array("/proc".utf8)
    request.environment = [Array("A=b c".utf8), Array("PATH=/usr/bin:/bin".utf8)]
    let child = try SpawnedProcess.spawn(request)
    var lines: [String] = []
    while let line = try child.receiveLine(seconds: 20) {
      lines.append(String(decoding: line, as: UTF8.self))
    }
    try #require(lines.count == 5)
    #expect(lines[0] == "/proc")
    #expect(lines[1] == "b c")
    #expect(lines[2] == "4")  // the streams, and the folder ls reads
    #expect(lines[3] == "SigBlk:\t0000000000000000")
    #expect(lines[4] == "SigIgn:\t0000000000000000")
    _ = try child.waitForExit(seconds: 20)
  }

  @Test("a child gets the limits that it was given, and a file of ours")
  func limited() throws {
    let answer = ScratchFile([])
    let file = pvm_open(answer.path, Int32(PVM_READ_WRITE))
    defer { _ = pvm_close(file) }
    var request = SpawnRequest([
      "/bin/grep", "-E", "^Max (cpu|file size|core|addr)", "/proc/self/limits",
    ])
    request.output = .file(file)
    request.limits.memoryBytes = 1 << 30
    request.limits.fileBytes = 1 << 20
    request.limits.processorSeconds = 7
    let child = try SpawnedProcess.spawn(request)
    #expect(try child.waitForExit(seconds: 20) == .exited(code: 0))
    let lines = String(decoding: try #require(answer.content), as: UTF8.self).split(separator: "\n")
    let softLimits = lines.map { $0.split(separator: " ").first { $0.first?.isNumber == true } }
    #expect(softLimits == ["7", "1048576", "0", "1073741824"])
  }

  @Test(
    "a program that cannot be started",
    arguments: [
      (["/no/such/program"], "ENOENT"), (["no-such-program-anywhere"], "ENOENT"),
      (["/proc"], "EACCES"),
      ([""], "EINVAL"), ([], "EINVAL"), (["a\0b"], "EINVAL"),
    ])
  func cannot(_ words: [String], _ code: String) {
    let error = failure { try SpawnedProcess.spawn(SpawnRequest(words)) }
    // Where PATH names a folder that we may not search, execvp(3) says so instead.
    let isSearch = words.first?.contains("/") == false && code == "ENOENT"
    #expect(error?.code == code || (isSearch && error?.code == "EACCES"))
    #expect(error?.operation == .spawn)
  }

  @Test("a folder that is not there")
  func noFolder() {
    var request = SpawnRequest(["true"])
    request.directory = Array("/no/such/folder".utf8)
    let error = failure { try SpawnedProcess.spawn(request) }
    #expect(error?.code == "ENOENT")
    #expect(error?.message.contains("/no/such/folder") == true)
  }

  @Test("only a real signal is sent", arguments: [0, -1, 65, Int32.max, .min])
  func signals(_ number: Int32) throws {
    let child = try Self.sleep(4)
    defer { Self.end(child) }
    #expect(failure { try child.signal(number) }?.code == "EINVAL")
    #expect(child.exit == nil)
  }

  @Test("a child can be read and written")
  func readable() throws {
    let child = try Self.sleep(5)
    defer { Self.end(child) }
    let process = try RemoteProcess.attach(child.id)
    #expect(process.name == "sleep")
    #expect(process.pointerWidth == .eight)
    #expect(process.isAlive)
    #expect(process.exit == nil)
    #expect(try process.waitForExit(seconds: 0) == nil)
    let stack = try #require(try process.regionMap().regions.first { $0.kind == .stack })
    #expect(try process.readBytes(at: stack.end.offset(by: -16), count: 16).count == 16)
  }

  @Test("descriptors are given back, and failures cost none")
  func descriptors() throws {
    let target = try Target()
    for _ in 0..<3 {
      let process = try target.attach()
      process.close()
      _ = try? RemoteProcess.attach(ProcessID(0x7fff_fff0))
      _ = try? SpawnedProcess.spawn(SpawnRequest(["/no/such/program"]))
    }
    // Other tests run beside this one, so only a growth that they cannot cause counts.
    let before = fixture_open_descriptors()
    for _ in 0..<500 {
      _ = try target.attach()
      _ = try? RemoteProcess.attach(ProcessID(0x7fff_fff0))
      _ = try? SpawnedProcess.spawn(SpawnRequest(["/no/such/program"]))
    }
    #expect(fixture_open_descriptors() < before + 400)
  }
}

extension SpawnedProcess {
  var summary: ProcessSummary? { ProcessSummary(id) }
}
