import LuaHost
import Testing

extension LuaTests {
  @Suite("The manual from declarations")
  struct ManualTests {
    let manual = Manual(TestModule().declaration, codes: [("EBOX", "no such box")])

    @Test("files have their names and end with one newline")
    func files() {
      let files = manual.files()
      #expect(files.map(\.name) == ["crate.d.lua", "crate.luacheckrc", "reference.md"])
      for file in files {
        #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.name)")
        #expect(!file.text.contains { $0 == "\r" }, "\(file.name)")
      }
    }

    @Test("the same declarations give the same bytes")
    func deterministic() {
      let again = Manual(TestModule().declaration, codes: [("EBOX", "no such box")])
      #expect(manual.files().map(\.text) == again.files().map(\.text))
    }

    @Test("the editor definition and the luacheck standard parse as Lua")
    func parses() throws {
      let fixture = try Fixture()
      for file in manual.files().dropLast() {
        let text = file.name.hasSuffix("rc") ? "stds = {}\n" + file.text : file.text
        #expect(fixture.run(text) == .completed, "\(file.name): \(fixture.run(text).text)")
      }
      fixture.check("assert(stds.crate.read_globals.crate.fields.try_fail)")
      fixture.check("assert(stds.crate.read_globals.crate.fields.features.fields.wheels)")
    }

    @Test(
      "the editor definition says",
      arguments: [
        "---@meta crate", "---@class crate.error", "---@class crate.box\n",
        "---@class crate.box.options\n", "---@field mode? \"open\"|\"shut\" ",
        "---@field value integer what is in the box\n",
        "---@field size integer always 3 (read only)\n",
        "---@field [integer] integer? ", "---@operator len: integer", "---@operator call: integer",
        "---@param options? crate.box.options ",
        "---@return crate.box object # the box\nfunction crate.box(value, options) end",
        "---@return { list: crate.box[], first: crate.box? } boxes",
        "---@return integer? value\n---@return crate.error? err\nfunction box:try_take(n) end",
        "---@return integer? value\n---@return boolean|crate.error answer_or_err\nfunction crate.try_fail",
        "---@return true? ok\n---@return crate.error? err\nfunction crate.try_check(n) end",
        "---@field wheels boolean", "---@field version string of the module",
      ])
    func editor(_ text: String) throws {
      let definition = try #require(manual.files().first).text
      #expect(definition.contains(text), "\(definition)")
    }

    @Test(
      "help finds",
      arguments: [
        ("crate", "crate: Boxes for the tests."), ("sum", "crate.sum(a [, b]) -> integer"),
        ("crate.sum", "crate.sum(a [, b])"), ("box.take", "box:take(n) -> integer"),
        ("box:take", "box:take(n)"), ("take", "box:take(n)"), ("try_take", "box:take(n)"),
        ("crate.box:try_take(1)", "box:take(n)"), ("lid", "lid\n\n  The lid"),
        ("box.value", "box.value -> integer"), ("#box", nil), ("box.__len", "#box -> integer"),
        ("version", "crate.version = \"1.0\""), ("features", "crate.features"),
        ("EBOX", "EBOX\n\n  no such box"), ("ELID", "ELID\n\nRaised by\n  crate.fail"),
        ("tak", nil),
        ("", nil), ("(", nil), ("\u{0}\n", nil),
      ])
    func help(_ name: String, _ start: String?) {
      let page = manual.help(for: name)
      if let start {
        #expect(page?.hasPrefix(start) == true, "\(page ?? "nil")")
        #expect(page?.hasSuffix("\n") == true)
      } else {
        #expect(page == nil)
      }
    }

    @Test("a page has its sections")
    func page() {
      #expect(
        manual.help(for: "fail") == """
          crate.fail([message [, hint]]) -> integer, boolean

            Fails.

          Parameters
            message  string: why (default no box)
            hint  string: what to do (may be left out)

          Results
            value   integer: never
            answer  boolean: never

          Errors
            Raises EBOX, ELID. crate.try_fail returns nil and the error instead.

          Source
            box(2)

          Notes
            Always.
            Really.

          """)
    }

    @Test("a class and a function of one name are both found")
    func sameName() {
      #expect(manual.help(for: "box")?.contains("Fields\n  box.value") == true)
      #expect(manual.help(for: "box")?.contains("crate.box([value [, options]]) -> box") == true)
      #expect(manual.help(for: "box.value")?.contains("box.value = integer, 0 to 1000") == true)
    }

    @Test("a class may carry the module's name in front")
    func prefixed() throws {
      let things = ClassDeclaration(
        Lid.self, "m.thing", "A thing.", [[.close("Closes it.") { (_, _: Lid) in }]])
      let maker = Declaration.function(
        "thing", "Makes one.", returns: ResultType<Lid>.object("m.thing", "it"),
        about: About(seeAlso: ["thing:close"])
      ) { _ in Lid() }
      let manual = Manual(
        ModuleDeclaration("m", "Things.", functions: [[maker]], classes: [things]))
      for name in ["thing.close", "m.thing:close", "close"] {
        #expect(manual.help(for: name)?.hasPrefix("thing:close()\n") == true)
      }
      #expect(manual.help(for: "m.thing")?.contains("m.thing() -> m.thing") == true)
      #expect(manual.files()[0].text.contains("---@class m.thing\nlocal thing = {}"))
      let reference = manual.files()[2].text
      #expect(reference.contains("<a id=\"class-thing\"></a>"))
      #expect(reference.contains("See also: [`thing:close`](#thing.close)"))
    }

    @Test("search ranks names first, and says when it finds nothing")
    func search() {
      let found = manual.search("LABEL")
      #expect(found.hasPrefix("LABEL:\n  box.label"))
      #expect(found.contains("crate.box"))
      #expect(manual.search("tak").contains("box:take"))
      #expect(manual.search("xyzzy") == "no entry 'xyzzy'\n")
      #expect(manual.search("") == "no entry ''\n")
      #expect(manual.unknown("taek") == "no entry 'taek' (did you mean box.take?)\n")
    }

    @Test(
      "the reference says",
      arguments: [
        "# crate\n", "- [Functions](#functions)\n  - [`crate.box`](#crate.box)",
        "<a id=\"box.take\"></a>\n\n### `box:take`", "```\nbox:take(n) -> integer\n```",
        "Raises [`EBOX`](#error-EBOX). `box:try_take` returns nil",
        "See also: [`box:take`](#box.take), `print`", "```lua\nlocal b = crate.box(1)",
        "  - `mode` (`\"open\"|\"shut\"`)", "<a id=\"error-ELID\"></a>`ELID`",
        "<a id=\"error-EBOX\"></a>`EBOX`: no such box",
      ])
    func reference(_ text: String) throws {
      let reference = try #require(manual.files().last).text
      #expect(reference.contains(text), "\(reference)")
    }

    @Test("every link of the reference has its target")
    func links() throws {
      let reference = try #require(manual.files().last).text
      for link in reference.split(separator: "](#").dropFirst() {
        let target = link.prefix { $0 != ")" }
        #expect(reference.contains("<a id=\"\(target)\"></a>"), "\(target)")
      }
    }
  }
}
