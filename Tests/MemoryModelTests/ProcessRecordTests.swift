import MemoryModel
import Testing

@Suite("Process records")
struct ProcessRecordTests {
  private static let rest =
    " 1 4121 4100 34816 4121 4194304 95 0 0 0 0 0 0 0 20 0 3 0 987654 5644288 229"

  @Test(
    "reads stat whatever the name",
    arguments: [
      "sleep", "", ")", "(", "a) S 9 9 9 9", "with space", "x)(", "line\nbreak", "(sd-pam)",
    ])
  func stat(_ name: String) throws {
    let stat = try #require(ProcessStat(bytes("4121 (\(name)) S" + Self.rest + "\n")))
    #expect(stat.id == ProcessID(4121))
    #expect(stat.nameBytes == bytes(name))
    #expect(stat.state == .sleeping)
    #expect(stat.parent == ProcessID(1))
    #expect(stat.group == ProcessID(4121))
    #expect(stat.session == ProcessID(4100))
    #expect(stat.threadCount == 3)
    #expect(stat.startTime == 987654)
    #expect(!stat.isKernelThread)
  }

  @Test("knows a kernel thread by its flags")
  func kernelThread() {
    let text = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 7 0 0\n"
    #expect(ProcessStat(bytes(text))?.isKernelThread == true)
  }

  @Test(
    "knows the states",
    arguments: [
      ("R", .running, false), ("S", .sleeping, false), ("D", .diskSleep, false),
      ("T", .stopped, false),
      ("t", .traced, false), ("Z", .zombie, true), ("X", .dead, true), ("x", .dead, true),
      ("I", .idle, false), ("Q", .unknown(0x51), false),
    ] as [(String, ProcessState, Bool)])
  func states(_ letter: String, _ state: ProcessState, _ hasEnded: Bool) {
    #expect(ProcessStat(bytes("1 (x) \(letter)" + Self.rest))?.state == state)
    #expect(state.hasEnded == hasEnded)
  }

  @Test(
    "reads nothing else as stat",
    arguments: [
      "", "1", "1 (x", "1 x) S", ") 1 (x", "x (x) S" + rest, "1 (x)", "1 (x) S 1 2 3",
      "99999999999 (x) S" + rest, "1 (x) S" + " x" + rest,
    ])
  func badStat(_ text: String) { #expect(ProcessStat(bytes(text)) == nil) }

  private static let status = """
    Name:\tsle\\nep
    Umask:\t0022
    State:\tS (sleeping)
    Tgid:\t4121
    Ngid:\t0
    Pid:\t4121
    PPid:\t77
    TracerPid:\t0
    Uid:\t1000\t1001\t1002\t1003
    Gid:\t100\t101\t102\t103
    NSpid:\t4121\t7
    Threads:\t3
    CapPrm:\t000001ffffffffff
    CapEff:\t0000000000080000
    NoNewPrivs:\t1
    Seccomp:\t2
    Seccomp_filters:\t1

    """

  @Test("reads status")
  func status() {
    let status = ProcessStatus(bytes(Self.status))
    #expect(status.nameBytes == bytes("sle\\nep"))
    #expect(status.state == .sleeping)
    #expect(status.processID == ProcessID(4121))
    #expect(status.parent == ProcessID(77))
    #expect(status.tracer == nil)
    #expect(status.user == .init(real: 1000, effective: 1001, saved: 1002, fileSystem: 1003))
    #expect(status.group == .init(real: 100, effective: 101, saved: 102, fileSystem: 103))
    #expect(status.threadCount == 3)
    #expect(status.permittedCapabilities == 0x1FF_FFFF_FFFF)
    #expect(status.effectiveCapabilities == 1 << 19)
    #expect(status.hasNoNewPrivileges == true)
    #expect(status.seccompMode == 2)
    #expect(status.namespaceIDs == [ProcessID(4121), ProcessID(7)])
  }

  @Test("names the tracer")
  func tracer() {
    #expect(ProcessStatus(bytes("TracerPid:\t12\n")).tracer == ProcessID(12))
  }

  @Test(
    "takes what it cannot read as unknown",
    arguments: ["", "\n\n:::\n", "Uid:\t1\t2\nPPid:\tx\nCapEff:\tzz\nState:\n", "Uid"])
  func badStatus(_ text: String) {
    let status = ProcessStatus(bytes(text))
    #expect(status.user == nil && status.parent == nil && status.effectiveCapabilities == nil)
    #expect(status.state == nil && status.namespaceIDs.isEmpty)
  }

  @Test(
    "splits command lines",
    arguments: [
      ("", []), ("a\0", ["a"]), ("a\0b c\0", ["a", "b c"]), ("a\0\0b\0", ["a", "", "b"]),
      ("a", ["a"]), ("a\0b", ["a", "b"]), ("\0", [""]),
    ])
  func commandLine(_ text: String, _ expected: [String]) {
    #expect(zeroTerminatedStrings(bytes(text)) == expected.map(bytes))
  }

  @Test(
    "reads the head of a program",
    arguments: [
      ("7f454c4602010100000000000000000003003e00", .eight, .little, "x86_64", 3),
      ("7f454c4601010100000000000000000002000300", .four, .little, "i386", 2),
      ("7f454c460101010000000000000000000300" + "3e00", .four, .little, "x86_64", 3),
      ("7f454c460202010000000000000000000002" + "0016", .eight, .big, "s390x", 2),
      ("7f454c460201010000000000000000000300" + "b700", .eight, .little, "aarch64", 3),
      ("7f454c460201010000000000000000000300" + "f300", .eight, .little, "riscv64", 3),
      ("7f454c460202010000000000000000000003" + "0015", .eight, .big, "ppc64", 3),
      ("7f454c460201010000000000000000000300" + "6712", .eight, .little, "machine 4711", 3),
    ] as [(String, PointerWidth, ByteOrder, String, UInt16)])
  func elf(
    _ header: String, _ width: PointerWidth, _ order: ByteOrder, _ machine: String, _ type: UInt16
  ) throws {
    let elf = try #require(ELFIdentity(header: unhexadecimal(header)))
    #expect(elf.pointerWidth == width)
    #expect(elf.byteOrder == order)
    #expect(elf.machineName == machine)
    #expect(elf.fileType == type)
  }

  @Test(
    "takes nothing else for a program",
    arguments: [
      "", "7f454c46", "7f454c4602010100000000000000000003003e",
      "23212f62696e2f7368202d650a0a0a0a0a0a0a0a",
      "7f454c4603010100000000000000000003003e00", "7f454c4602030100000000000000000003003e00",
    ])
  func notELF(_ header: String) { #expect(ELFIdentity(header: unhexadecimal(header)) == nil) }
}
