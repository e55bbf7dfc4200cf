/// Pages of values: `help(game.scan)`, `game.scan?`.
extension Manual {
  /// The page of one declaration.
  public func page(of place: ManualPlace) -> String { page(place.entry) }

  /// The page of what an expression stands for; nil where nothing is known of it.
  func page(of known: Knowledge, spelled expression: String) -> String? {
    switch known {
    case .declared(let place): page(of: place)
    case .object(let owner, _): page(owner)
    case .function(let name, let text): StandardLibrary.page(name) ?? page(of: text, named: name)
    case .table(let name?): name == module.name ? overview() : nil
    default: help(for: expression)
    }
  }

  /// The page of a function that is written in Lua.
  public func page(of function: FunctionText, named name: String) -> String {
    let place = function.place.map { "Written at \($0)." } ?? "Not written in Lua."
    return "\(name)\(function.argumentList)\n\n  \(place)\n"
  }

  /// The page of an inspected value; nil for one that has none.
  public func page(of value: InspectedValue) -> String? {
    switch value {
    case .declared(let place): page(of: place)
    case .object(_, let className): help(for: className)
    case .function(let text):
      text.name.flatMap(StandardLibrary.page) ?? page(of: text, named: "function")
    case .bytes(let bytes, _):
      helpOrSearch(String(decoding: bytes.prefix(300), as: UTF8.self))
    default: nil
    }
  }

  /// The page of a name, or what a word is found in.
  public func helpOrSearch(_ topic: String) -> String {
    help(for: topic) ?? StandardLibrary.page(topic) ?? search(topic)
  }
}
