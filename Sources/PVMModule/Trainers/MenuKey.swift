import LuaHost

/// A key that switches a cheat: one character, or F1 to F12.
struct MenuKey: Hashable {
  let pressed: ScreenKey

  private init(_ pressed: ScreenKey) { self.pressed = pressed }

  /// As a person writes it: `n`, `7`, `f5`.
  init(_ text: String) throws(ArgumentMismatch) {
    let word = text.lowercased()
    if word.hasPrefix("f"), let number = Int(word.dropFirst()), 1...12 ~= number {
      self.init(.function(number))
      return
    }
    guard text.count == 1, let character = text.first, character.isVisible else {
      throw ArgumentMismatch("a key is one character, or f1 to f12, got '\(text.prefix(20))'")
    }
    guard !Self.reserved.contains(character) else {
      throw ArgumentMismatch("the key '\(character)' ends the menu; choose another")
    }
    self.init(.character(character))
  }

  /// As the menu shows it.
  var text: String {
    switch pressed {
    case .character(let character): String(character)
    case .function(let number): "F\(number)"
    default: ""
    }
  }

  /// Keys for cheats that ask for none, in the order in which they are given out.
  static var spare: [MenuKey] {
    "1234567890abcdefghijklmnoprstuvwxyz".map { MenuKey(.character($0)) }
  }

  /// What the menu takes for itself.
  private static let reserved: Set<Character> = ["q", "Q"]
}

extension Character {
  /// Whether it shows, and takes a place of its own.
  fileprivate var isVisible: Bool {
    !isWhitespace && !isNewline
      && unicodeScalars.allSatisfy { $0.value >= 0x21 && !(0x7F...0x9F).contains($0.value) }
  }
}

extension ArgumentType where Value == MenuKey {
  /// One character, or f1 to f12.
  static var menuKey: ArgumentType<MenuKey> {
    ArgumentType<String>.text.map("one character, or \"f1\" to \"f12\"") { try MenuKey($0) }
  }
}
