import LuaHost
import MemoryModel
import RemoteMemory

extension PVMModule {
  static var manualFunctions: [Declaration] {
    [
      .function(
        "help", "The manual page of a function, a method, a class or the whole module.",
        Parameter.optional("topic", .text, "\"attach\", \"process.read\", \"process\"; or a word"),
        returns: .text("the page; for an unknown word what is known about it"),
        about: About(example: #"print(pvm.help("process.read"))"#)
      ) { (call, topic: String?) in
        let manual = call.session.manual
        guard let topic else { return manual.overview() }
        return manual.help(for: topic) ?? manual.search(topic)
      },
      .function(
        "complete", "What could come next in a piece of Lua, as Tab at the prompt knows it.",
        Parameter("text", .bytes, "Lua up to the place where something is typed"),
        returns: .written(
          ResultText(
            "candidates", annotation: "table[]", note: "{text=, kind=, signature=, summary=} each"),
          ResultText("start", annotation: "integer", note: "where in the text they begin, from 1")),
        about: About(
          example: #"print(pvm.complete("pvm.att")[1].text)  --> attach"#,
          notes: """
            Nothing is called and no metamethod runs: tables are read raw, and what functions give is \
            known from their declarations.
            """, seeAlso: ["pvm.help"])
      ) { (call, text: [UInt8]) in
        let sources = call.session.display?.sources ?? CompletionSources()
        let found = Completer(call.host, sources).complete(text)
        call.reply.table(arrayCount: found.candidates.count) { reply in
          for candidate in found.candidates {
            reply.table(recordCount: 4) { reply in
              reply.field("text", .text(candidate.text))
              reply.field("kind", .text(candidate.kind.rawValue))
              reply.field("signature", .text(candidate.signature))
              reply.field("summary", .text(candidate.summary))
            }
          }
        }
        call.reply.integer(Int64(found.range.lowerBound + 1))
      },
      .function(
        "manual", "The files that are made from the declarations: editor definitions, reference.",
        returns: .written(
          ResultText("files", annotation: "table<string, string>", note: "by name")),
        about: About(example: #"print(#pvm.manual()["pvm.d.lua"] > 1000)  --> true"#)
      ) { call in
        let files = call.session.manual.files()
        call.reply.table(recordCount: files.count) { reply in
          for file in files { reply.field(file.name, .text(file.text)) }
        }
      },
      .function(
        "diagnose", "What access we have to a process, check by check.",
        Parameter("pid", .query, "pid, or what attach takes"),
        returns: .value(
          "table", "{access=boolean, message=, hint=, checks={ {name=, ok=, text=}, ... }}"),
        about: About(
          fails: ["ENOENT", "EAMBIGUOUS"], source: ["ptrace(2)", "proc(5)"],
          example: "print(pvm.diagnose(game.pid).access)  --> true")
      ) { (_, query: ProcessQuery) in try diagnose(query) },
      .function(
        "target_path", "Where the bundled target is, for examples.",
        returns: .text("its path, or its bare name to be sought in PATH"),
        about: About(example: "print(pvm.target_path():match('pvm%-target') ~= nil)  --> true")
      ) { call in call.session.targetPath ?? "pvm-target" },
    ]
  }
}
