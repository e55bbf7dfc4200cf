internal import CLuaBridge

/// What can be said of a function without calling it.
public struct FunctionText: Hashable, Sendable {
  /// The names of its parameters; `...` last where it takes any number.
  public let parameters: [String]
  /// The name of a function that Lua itself brings: `string.format`.
  public internal(set) var name: String?
  /// `file.lua:12`; nil for a function that is not written in Lua.
  public let place: String?

  /// `(a, b, ...)`.
  public var argumentList: String { "(\(parameters.joined(separator: ", ")))" }
}

extension RawStack {
  /// nil for what is no function.
  func functionText(_ index: Int32) -> FunctionText? {
    var info = pvl_function_info()
    guard unsafe pvl_function_at(state, index, &info) else { return nil }
    guard !info.is_native else {
      return FunctionText(parameters: ["..."], name: nil, place: nil)
    }
    var names = (0..<max(info.parameter_count, 0)).map { number in
      unsafe pvl_parameter_name(state, index, number + 1).map { unsafe String(cString: $0) } ?? "?"
    }
    if info.is_vararg { names.append("...") }
    let source = unsafe withUnsafeBytes(of: info.source) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return FunctionText(parameters: names, name: nil, place: "\(source):\(info.line)")
  }

  /// Under which name the globals, or a library among them, have a function of Lua's own.
  func standardName(_ index: Int32) -> String? {
    let identity = self.identity(index)
    return scoped {
      pushGlobals()
      return StandardLibrary.names.first { name in
        let top = self.top
        defer { pop(to: top) }
        pushCopy(top)
        for part in name.split(separator: ".") {
          pushField(-1, String(part))
        }
        return type(-1) == PVL_CALLABLE && self.identity(-1) == identity
      }
    } ?? nil
  }
}
