public import MemoryModel

/// Turns text into instructions with the GNU assembler, `as`, of the system.
///
/// ```swift
/// let bytes = try Assembler.assemble(
///   Array("xor eax, eax; jmp 0x401230".utf8), at: Address(0x401000), for: .amd64)
/// ```
public enum Assembler {
  /// The instructions of a text, as they must be to lie at an address.
  ///
  /// The assembler runs as a child without a shell, with the text and the result in memory and what
  /// it may use limited. Only instructions, labels and the directives of `AssemblyText` are
  /// accepted, so a text from a stranger cannot read files by it.
  ///
  /// - Parameters:
  ///   - text: instructions, separated by lines or `;`, at most 64 KiB. A number as the target of a
  ///     jump or call is an address.
  ///   - address: where the first byte will lie.
  ///   - set: which instructions.
  ///   - syntax: how instructions of x86 are written.
  ///   - symbols: the addresses of names that the text uses and does not define.
  ///   - interrupt: ends the wait for the assembler early.
  /// - Returns: the bytes, at most 1 MiB.
  /// - Throws: `EINVAL` with what `as` says, by line; `ENOTSUP` when it is not installed;
  ///   `EINTERRUPTED`, `ETIMEDOUT`.
  public static func assemble(
    _ text: [UInt8], at address: Address, for set: InstructionSet,
    syntax: AssemblySyntax = .intel, symbols: [String: Address] = [:],
    interrupt: InterruptCheck = .never
  ) throws(RemoteMemoryError) -> [UInt8] {
    let run = AssemblerRun(address: address, set: set, syntax: syntax, interrupt: interrupt)
    let (text, places) = try check(text, for: set, at: address)
    let object = try run.object(of: text)
    let symbols = symbols.merging(places) { _, place in place }
    do throws(AssemblyError) { return try object.placed(at: address, symbols: symbols) } catch {
      throw RemoteMemoryError(error, at: address)
    }
  }

  /// The text as the assembler is to have it, and the addresses that it names beside `symbols`.
  private static func check(
    _ text: [UInt8], for set: InstructionSet, at address: Address
  ) throws(RemoteMemoryError) -> (text: AssemblyText, places: [String: Address]) {
    do throws(AssemblyError) {
      guard set == .arm64 else { return (try AssemblyText(text), [:]) }
      let named = try ARMText(text)
      return (try AssemblyText(named.bytes), named.symbols)
    } catch {
      throw RemoteMemoryError(error, at: address)
    }
  }
}

extension RemoteMemoryError {
  /// What is wrong with a text that was to lie at an address.
  init(_ error: AssemblyError, at address: Address) {
    self.init(.assemble, .invalid, address: address, detail: error.description)
  }
}
