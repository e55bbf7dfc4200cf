/// How instructions of x86 are written; of other machines there is one way only.
public enum AssemblySyntax: String, Hashable, Sendable, CaseIterable {
  /// Destination first, plain names: `mov eax, dword ptr [rdi + 4]`.
  case intel
  /// Destination last, with `%` and `$`: `movl 4(%rdi), %eax`.
  case att
}
