import LuaHost

struct Manual {
  init(_ m: ModuleDeclaration) {}
  func overview() -> String { "" }
  func help(for t: String) -> String? { nil }
  func search(_ t: String) -> String { "" }
  func files() -> [(name: String, text: String)] { [] }
}
