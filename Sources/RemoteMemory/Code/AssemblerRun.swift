import CProcessVM
import MemoryModel

/// One run of the assembler.
struct AssemblerRun {
  let address: Address
  let set: InstructionSet
  let syntax: AssemblySyntax
  let interrupt: InterruptCheck

  private static let seconds = 20.0
  private static let mostMemoryBytes: UInt64 = 1 << 30
  private static let mostFileBytes: UInt64 = 16 << 20
  /// SIGXFSZ, which ends a program that writes too long a file.
  private static let fileTooLarge: Int32 = 25
  private static let mostMessageBytes = 1 << 16

  /// The object file that the assembler makes of a text.
  func object(of text: AssemblyText) throws(RemoteMemoryError) -> ELFObject {
    try Sandbox.check(.assemble, "\(program) is a program, and none is started")
    let input = try ChildFile(text.bytes)
    let output = try ChildFile()
    let messages = try ChildFile()
    let status = try run(input, output, messages)
    guard status == .exited(code: 0) else { throw refusal(status, messages) }
    do throws(ELFSyntaxError) {
      return try ELFObject(parsing: output.bytes(atMost: Int(Self.mostFileBytes)))
    } catch {
      throw RemoteMemoryError(
        AssemblyError("the object file of \(program) \(error)"), at: address)
    }
  }

  /// Runs it to its end.
  private func run(
    _ input: borrowing ChildFile, _ output: borrowing ChildFile, _ messages: borrowing ChildFile
  )
    throws(RemoteMemoryError) -> ExitStatus
  {
    // By its name under /dev, the assembler would remove the result of a failed run: the link itself.
    var request = SpawnRequest([program] + options + ["--fatal-warnings", "-o", "/proc/self/fd/1"])
    request.environment = [Array("LC_ALL=C".utf8)]
    request.input = .file(input.descriptor)
    request.output = .file(output.descriptor)
    request.error = .file(messages.descriptor)
    request.diesWithParent = true
    request.limits.memoryBytes = Self.mostMemoryBytes
    request.limits.fileBytes = Self.mostFileBytes
    request.limits.processorSeconds = UInt64(Self.seconds)
    let child = try start(request)
    do throws(RemoteMemoryError) {
      if let status = try child.waitForExit(seconds: Self.seconds, interrupt: interrupt) {
        return status
      }
    } catch {
      end(child)
      throw RemoteMemoryError(.assemble, .interrupted, address: address)
    }
    end(child)
    throw RemoteMemoryError(
      .assemble, .timedOut, address: address, detail: "\(program) did not end")
  }

  private func start(_ request: SpawnRequest) throws(RemoteMemoryError) -> SpawnedProcess {
    do throws(RemoteMemoryError) { return try SpawnedProcess.spawn(request) } catch {
      // Where PATH names a folder that we may not search, that is what execvp(3) says.
      guard error.errno == .noSuchFile || error.errno == .accessDenied else {
        throw error.during(.assemble)
      }
      throw RemoteMemoryError(
        .assemble, .notInstalled(package: package), address: address,
        detail: "the assembler '\(program)' is not installed")
    }
  }

  /// Kills it, and takes its status, so that no zombie stays.
  private func end(_ child: SpawnedProcess) {
    try? child.signal(9)
    _ = try? child.waitForExit(seconds: 5)
  }

  /// Why there is no object file: what the assembler says, or how it ended.
  private func refusal(_ status: ExitStatus, _ messages: borrowing ChildFile) -> RemoteMemoryError {
    // Ctrl-C at a terminal goes to the assembler too.
    if interrupt.isInterrupted {
      return RemoteMemoryError(.assemble, .interrupted, address: address)
    }
    let text = messages.bytes(atMost: Self.mostMessageBytes)
    let report = AssemblerReport(String(decoding: text, as: UTF8.self))
    if let error = report.error { return RemoteMemoryError(error, at: address) }
    let isTooLarge = status == .killed(signal: Self.fileTooLarge)
    return RemoteMemoryError(
      AssemblyError(isTooLarge ? "the result is too large" : "\(program) \(status)"), at: address)
  }
}

extension AssemblerRun {
  private var isForOwnMachine: Bool {
    #if arch(arm64)
      set == .arm64
    #else
      set != .arm64
    #endif
  }

  /// The assembler for the instructions, as Debian names it.
  private var program: String {
    if isForOwnMachine { return "as" }
    return set == .arm64 ? "aarch64-linux-gnu-as" : "x86_64-linux-gnu-as"
  }

  /// The package of Debian that has it.
  private var package: String {
    if isForOwnMachine { return "binutils" }
    return set == .arm64 ? "binutils-aarch64-linux-gnu" : "binutils-x86-64-linux-gnu"
  }

  private var options: [String] {
    guard set != .arm64 else { return [] }
    let width = set == .i386 ? "--32" : "--64"
    return syntax == .intel ? [width, "-msyntax=intel", "-mnaked-reg"] : [width]
  }
}
