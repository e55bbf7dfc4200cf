import CProcessVM
import Glibc
import MemoryModel
import Testing

@testable import RemoteMemory

/// The journal of changes, and undoing what a killed program left.
@Suite struct JournalTests {
  /// A folder of its own, removed with all it holds.
  final class Folder {
    let path: String
    init() throws {
      var template = Array("/tmp/pvmlua-test-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { throw RemoteMemoryError(.journal, .system) }
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    deinit {
      for name in names { unlink(path + "/" + name) }
      rmdir(path)
    }
    var names: [String] {
      ((try? ProcFile.names(in: path).get()) ?? []).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0 != "." && $0 != ".." }.sorted()
    }
  }

  static func journal(in folder: Folder) -> Journal {
    let journal = Journal()
    journal.location = .folders([folder.path])
    return journal
  }

  static func patch(
    _ process: RemoteProcess, _ start: Address, _ journal: Journal, keep: Bool = false
  )
    throws -> Patch
  {
    try Patch(
      "one", [PatchTests.edit(start, "01 02 03")], of: process,
      options: PatchOptions(isKept: keep), journal: journal)
  }

  @Test func itIsThereOnlyWhileSomethingIsChanged() throws {
    let folder = try Folder()
    let (_target, process, start) = try PatchTests.filled()
    defer { _ = _target }
    let journal = Self.journal(in: folder)
    let patch = try Self.patch(process, start, journal)
    let other = try Self.patch(process, start.offset(by: 50), journal)
    #expect(folder.names == [])
    try patch.enable()
    let path = try #require(journal.path)
    #expect(folder.names == ["\(getpid()).journal", "lock"])
    let left = try LeftJournal(reading: path)
    #expect(left.isInUse && left.isOfThisBoot && left.contents.open.count == 1)
    #expect(throws: RemoteMemoryError.self) { try left.undo() }
    try other.enable()
    try patch.disable()
    #expect(
      try LeftJournal(reading: path).contents.open.map(\.place.address) == [start.offset(by: 50)])
    try other.disable()
    #expect(folder.names == ["lock"] && journal.path == nil)
  }

  @Test func twoProgramsDoNotPatchTheSamePlace() throws {
    let folder = try Folder()
    let (_target, process, start) = try PatchTests.filled()
    defer { _ = _target }
    let one = try Self.patch(process, start, Self.journal(in: folder))
    let two = try Self.patch(process, start.offset(by: 2), Self.journal(in: folder))
    let apart = try Self.patch(process, start.offset(by: 3), Self.journal(in: folder))
    try one.enable()
    let error = #expect(throws: RemoteMemoryError.self) { try two.enable() }
    #expect(error?.code == "EBUSY")
    try apart.enable()
    try apart.disable()
    try one.disable()
    try two.enable()
    try two.disable()
    #expect(folder.names == ["lock"])
  }

  @Test func placesThatOthersOwnOrThatAreNoJournalAreRefused() throws {
    let folder = try Folder()
    let (_target, process, start) = try PatchTests.filled()
    defer { _ = _target }
    let old = try process.readBytes(at: start, count: 3)
    let file = folder.path + "/notes"
    let output = try OutputFile(path: file)
    try output.write(Array("my notes\n".utf8))
    output.close()
    symlink(file, folder.path + "/link")
    chmod(file, 0o600)
    func code(_ location: JournalLocation) throws -> String? {
      let journal = Journal()
      journal.location = location
      return #expect(throws: RemoteMemoryError.self) {
        try Self.patch(process, start, journal).enable()
      }?.code
    }
    #expect(try code(.file(file)) == "EINVAL")
    #expect(try code(.file(folder.path + "/link")) == "ELOOP")
    #expect(try code(.file(folder.path)) == "EISDIR")
    #expect(try code(.file("/dev/null")) == "EINVAL")
    #expect(try code(.folders([file])) == "ENOTDIR")
    chmod(folder.path, 0o777)
    #expect(try code(.folders([folder.path])) == "EPERM")
    chmod(folder.path, 0o700)
    #expect(try process.readBytes(at: start, count: 3) == old)
    #expect(folder.names == ["link", "notes"])
  }

  // MARK: Undoing

  /// Patches once by a program that ends without taking anything back; the path of its journal.
  static func leave(_ target: Target, _ start: Address, in folder: Folder) throws -> String {
    let path = folder.path + "/left.journal"
    _ = try runProbe(
      "--patch", path, "--once", "\(target.id)", String(start.rawValue, radix: 16))
    return path
  }

  /// Reads a journal, undoes it, and lets it go.
  func undone(_ path: String, holding count: Int) throws -> [UndoOutcome] {
    let journal = try LeftJournal(reading: path)
    #expect(!journal.isInUse && journal.contents.open.count == count)
    return try journal.undo()
  }

  @Test func whatAProgramLeftIsPutBack() throws {
    let folder = try Folder()
    let (target, process, start) = try PatchTests.filled()
    let area = Int(target.places["scratch_bytes"] ?? 0)
    let before = try process.readBytes(at: start, count: area)
    let path = try Self.leave(target, start, in: folder)
    #expect(try process.readBytes(at: start, count: 4) == [1, 2, 3, 4])
    // One place holds its old bytes already, one was written by somebody else, one is half written.
    try process.writeBytes(Array(before[100..<104]), at: start.offset(by: 100))
    try process.writeBytes([0xEE], at: start.offset(by: 200))
    let half = start.offset(by: 5000)
    let rest = Int(half.bytesToBoundary(of: System.pageSize))
    try process.writeBytes(
      Array(before[(5000 + rest)..<9000]), at: half.offset(by: Int64(rest)))
    let outcomes = try undone(path, holding: 41)
    var counts: [String: Int] = [:]
    for outcome in outcomes {
      switch outcome.result {
      case .restored: counts["restored", default: 0] += 1
      case .unchanged: counts["unchanged", default: 0] += 1
      case .changed: counts["changed", default: 0] += 1
      case .gone, .failed: counts["bad", default: 0] += 1
      }
    }
    #expect(counts == ["restored": 39, "unchanged": 1, "changed": 1])
    var wanted = before
    wanted.replaceSubrange(200..<204, with: [0xEE, 2, 3, 4])
    #expect(try process.readBytes(at: start, count: area) == wanted)
    // The one that is left alone is kept in the journal, and taken back once it is ours again.
    try process.writeBytes([1], at: start.offset(by: 200))
    #expect(try undone(path, holding: 1).map(\.place.address) == [start.offset(by: 200)])
    #expect(try process.readBytes(at: start, count: area) == before)
    #expect(folder.names == [])
  }

  @Test func anotherProcessOrProgramIsLeftAlone() throws {
    let folder = try Folder()
    let (target, process, start) = try PatchTests.filled()
    let text = try ProcFile.bytes(Self.leave(target, start, in: folder)).get()
    let written = try process.readBytes(at: start, count: 4)
    /// The journal with its marks changed.
    func undo(_ change: (inout JournalRun, inout ProcessMark) -> Void) throws -> [String] {
      let contents = try #require(JournalContents(text))
      var run = contents.run
      var mark = try #require(contents.processes[1])
      change(&run, &mark)
      var lines = JournalEntry.run(run).line + JournalEntry.process(number: 1, mark).line
      for (number, place) in contents.open {
        lines += JournalEntry.place(number: number, place).line
      }
      let path = folder.path + "/other.journal"
      let file = try OutputFile(path: path)
      try file.write(Array(lines.utf8))
      file.close()
      chmod(path, 0o600)
      let outcomes = try LeftJournal(reading: path).undo()
      return Set(
        outcomes.map { if case .gone(let why) = $0.result { why } else { "\($0.result)" } }
      ).sorted()
    }
    #expect(try undo { run, _ in run.boot = "another" }.first?.contains("anew") ?? false)
    #expect(try undo { run, _ in run.namespace = "pid:[2]" }.first?.contains("anew") ?? false)
    #expect(try undo { _, mark in mark.startTime += 1 }.first?.contains("another process") ?? false)
    #expect(try undo { _, mark in mark.stackStart += 16 } == ["it runs another program now"])
    #expect(try undo { _, mark in mark.id = ProcessID(4_194_303) } == ["it has ended"])
    #expect(try process.readBytes(at: start, count: 4) == written)
    try target.child.signal(9)
    _ = try target.child.waitForExit(seconds: 10)
    #expect(try undo { _, _ in } == ["it has ended"])
  }

  /// SIGKILL at 200 points of making and taking back, then undoing: every byte is back.
  @Test func aKillAtAnyPointIsUndone() throws {
    let folder = try Folder()
    let (target, process, start) = try PatchTests.filled()
    let area = target.places["scratch_bytes"] ?? 0
    let before = try target.ask("checksum \(start) \(area)")
    let path = folder.path + "/killed.journal"
    var random = SplitMix(11)
    var leftOver = 0
    for _ in 0..<200 {
      let child = try Target.start([
        Target.program("RemoteMemoryProbe"), "--patch", path, "\(target.id)",
        String(start.rawValue, radix: 16),
      ])
      #expect(try child.receiveLine(seconds: 20) == Array("on".utf8))
      usleep(UInt32(random.next() % 3000))
      try child.signal(9)
      _ = try child.waitForExit(seconds: 10)
      guard access(path, F_OK) == 0 else { continue }
      leftOver += 1
      // A file that was made and has no line yet announces nothing.
      guard let left = try? LeftJournal(reading: path) else {
        unlink(path)
        continue
      }
      #expect(try left.undo().allSatisfy(\.isSettled))
      #expect(try target.ask("checksum \(start) \(area)") == before)
    }
    #expect(leftOver > 20)
    #expect(try target.ask("checksum \(start) \(area)") == before)
    #expect(process.isAlive)
  }

  @Test func aFullDiskRefusesTheWrite() throws {
    let folder = try Folder()
    let (target, process, start) = try PatchTests.filled()
    let old = try process.readBytes(at: start, count: 9000)
    for limit in [0, 100, 300, 5000] {
      let lines = try Self.runProbe(
        "--patch", folder.path + "/full.journal", "--once", "--file-limit", "\(limit)",
        "\(target.id)", String(start.rawValue, radix: 16))
      #expect(lines.first == "EFBIG", "\(lines)")
      #expect(try process.readBytes(at: start, count: 9000) == old)
    }
  }

  /// What the probe prints, a line each.
  static func runProbe(_ words: String...) throws -> [String] {
    let child = try Target.start([Target.program("RemoteMemoryProbe")] + words)
    var lines: [String] = []
    while let line = try child.receiveLine(seconds: 20) {
      lines.append(String(decoding: line, as: UTF8.self))
    }
    _ = try child.waitForExit(seconds: 10)
    return lines
  }
}
