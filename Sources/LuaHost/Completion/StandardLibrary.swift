/// The functions that Lua itself brings, which no declaration tells of: what they take, and a line about
/// each.
public enum StandardLibrary {
  public struct Entry: Hashable, Sendable {
    public let name: String
    /// `(s [, i [, j]])`.
    public let arguments: String
    public let summary: String

    /// `s`, `[i]`, `[j]`.
    var parameters: [String] {
      var names: [String] = []
      var depth = 0
      for part in arguments.dropFirst().dropLast().split(separator: ",") {
        let isOptional = depth > 0 || part.first == "["
        depth += part.count { $0 == "[" } - part.count { $0 == "]" }
        let name = part.filter { !" []".contains($0) }
        if !name.isEmpty { names.append(isOptional ? "[\(name)]" : name) }
      }
      return names
    }
  }

  public static func entry(_ name: String) -> Entry? { entries[name] }

  static var names: Dictionary<String, Entry>.Keys { entries.keys }

  /// The page that `help` shows.
  static func page(_ name: String) -> String? {
    guard let entry = entries[name] else { return nil }
    return "\(name)\(entry.arguments)\n\n" + ManualText.wrapped(entry.summary, indent: "  ")
      + "\n\nSource\n  Lua 5.4 Reference Manual\n"
  }

  private static let entries: [String: Entry] = Dictionary(
    uniqueKeysWithValues: text.split(separator: "\n").compactMap { line in
      guard let open = line.firstIndex(of: "("), let tab = line.firstRange(of: "  ") else { return nil }
      let name = String(line[..<open])
      let arguments = String(line[open..<tab.lowerBound])
      return (name, Entry(name: name, arguments: arguments, summary: String(line[tab.upperBound...])))
    })

  private static let text = """
    assert(v [, message])  Raises the message if v is false or nil; else gives all its arguments.
    collectgarbage([opt [, arg]])  Controls the garbage collector; "count" gives the KiB in use.
    dofile([filename])  Runs a file and gives what it returns.
    error(message [, level])  Raises an error; level 2 blames the caller.
    getmetatable(object)  The metatable of a value, or its __metatable field.
    ipairs(t)  For loops over t[1], t[2] ... up to the first nil.
    load(chunk [, chunkname [, mode [, env]]])  Compiles a text and gives the function.
    loadfile([filename [, mode [, env]]])  Compiles a file and gives the function.
    next(table [, index])  The next key and value behind a key.
    pairs(t)  For loops over all keys and values.
    pcall(f [, arg1, ...])  Calls f and gives true and its results, or false and the error.
    print(...)  Writes its arguments as text to standard output.
    rawequal(v1, v2)  Compares without metamethods.
    rawget(table, index)  Reads a field without metamethods.
    rawlen(v)  The length without metamethods.
    rawset(table, index, value)  Assigns a field without metamethods.
    require(modname)  Loads a module, once.
    select(index, ...)  The arguments from a number on; "#" gives how many there are.
    setmetatable(table, metatable)  Sets the metatable of a table and gives the table.
    tonumber(e [, base])  A number from a text; nil if it is none.
    tostring(v)  A text for people.
    type(v)  The type of a value as a text.
    warn(msg1, ...)  Writes a warning to standard error, where warnings are on.
    xpcall(f, msgh [, arg1, ...])  As pcall, with a function that sees the error first.
    coroutine.close(co)  Ends a coroutine that waits, and closes its pending variables.
    coroutine.create(f)  A coroutine that will run f.
    coroutine.isyieldable([co])  Whether the coroutine can yield.
    coroutine.resume(co [, val1, ...])  Goes on with a coroutine; gives true and what it yields, or false and the error.
    coroutine.running()  The coroutine that runs, and whether it is the main one.
    coroutine.status(co)  "running", "suspended", "normal" or "dead".
    coroutine.wrap(f)  A function that resumes a coroutine each time it is called.
    coroutine.yield(...)  Lets the caller of resume go on.
    debug.debug()  Reads and runs lines from standard input.
    debug.gethook([thread])  The hook that is set.
    debug.getinfo([thread,] f [, what])  What is known of a function or a level of the stack.
    debug.getlocal([thread,] f, local)  Name and value of a local variable.
    debug.getmetatable(value)  The metatable of a value, whatever it says.
    debug.getregistry()  The registry.
    debug.getupvalue(f, up)  Name and value of an upvalue.
    debug.getuservalue(u [, n])  A value that belongs to a userdata.
    debug.sethook([thread,] hook, mask [, count])  Has a function called at calls, returns, lines or instructions.
    debug.setlocal([thread,] level, local, value)  Assigns a local variable.
    debug.setmetatable(value, table)  Sets the metatable of any value.
    debug.setupvalue(f, up, value)  Assigns an upvalue.
    debug.setuservalue(udata, value [, n])  Sets a value that belongs to a userdata.
    debug.traceback([thread,] [message [, level]])  The stack as a text.
    debug.upvalueid(f, n)  Tells upvalues apart.
    debug.upvaluejoin(f1, n1, f2, n2)  Has two closures share an upvalue.
    io.close([file])  Closes a file.
    io.flush()  Writes out what is buffered for the standard output file.
    io.input([file])  Sets or gives the standard input file.
    io.lines([filename, ...])  For loops over the lines of a file.
    io.open(filename [, mode])  Opens a file; nil and the reason if that fails. Modes: r, w, a, r+, w+, a+, with b.
    io.output([file])  Sets or gives the standard output file.
    io.popen(prog [, mode])  Starts a program in a shell and gives a file to read from or write to it.
    io.read(...)  Reads from the standard input file: "l", "L", "n", "a", or a number of bytes.
    io.tmpfile()  A file without a name that goes when it is closed.
    io.type(obj)  "file", "closed file", or nil for what is none.
    io.write(...)  Writes to the standard output file.
    math.abs(x)  The absolute value.
    math.acos(x)  The arc cosine, in radians.
    math.asin(x)  The arc sine, in radians.
    math.atan(y [, x])  The arc tangent of y/x, in radians.
    math.ceil(x)  The least integer that is not below x.
    math.cos(x)  The cosine of an angle in radians.
    math.deg(x)  Radians in degrees.
    math.exp(x)  e to the power of x.
    math.floor(x)  The greatest integer that is not above x.
    math.fmod(x, y)  The remainder of a division that rounds towards zero.
    math.log(x [, base])  The logarithm; natural without a base.
    math.max(x, ...)  The greatest argument.
    math.min(x, ...)  The least argument.
    math.modf(x)  The whole part and the rest.
    math.rad(x)  Degrees in radians.
    math.random([m [, n]])  A random number in [0,1), or an integer in [1,m] or [m,n].
    math.randomseed([x [, y]])  Seeds the generator.
    math.sin(x)  The sine of an angle in radians.
    math.sqrt(x)  The square root.
    math.tan(x)  The tangent of an angle in radians.
    math.tointeger(x)  The number as an integer; nil if it is none.
    math.type(x)  "integer", "float", or nil for what is no number.
    math.ult(m, n)  Whether m is below n as unsigned integers: compares addresses.
    os.clock()  Processor seconds that this program has used.
    os.date([format [, time]])  A time as a text or a table.
    os.difftime(t2, t1)  Seconds between two times.
    os.execute([command])  Runs a command in a shell.
    os.exit([code [, close]])  Ends the program.
    os.getenv(varname)  An environment variable; nil if it is not set.
    os.remove(filename)  Deletes a file.
    os.rename(oldname, newname)  Renames a file.
    os.setlocale(locale [, category])  Sets the locale.
    os.time([table])  The time in seconds, now or of a table.
    os.tmpname()  A name for a temporary file.
    package.loadlib(libname, funcname)  Loads a C library.
    package.searchpath(name, path [, sep [, rep]])  Where require would find a name.
    string.byte(s [, i [, j]])  The numbers of some bytes.
    string.char(...)  A string of bytes given as numbers.
    string.dump(function [, strip])  A function as bytecode, which pvmlua does not load.
    string.find(s, pattern [, init [, plain]])  Where a pattern is found, and its captures.
    string.format(formatstring, ...)  A text made from a form: %d %x %s %q %g ...
    string.gmatch(s, pattern [, init])  For loops over all matches.
    string.gsub(s, pattern, repl [, n])  A copy with matches replaced, and how many.
    string.len(s)  How many bytes.
    string.lower(s)  A copy in small letters.
    string.match(s, pattern [, init])  The captures of the first match.
    string.pack(fmt, v1, ...)  Values as bytes: "<I4 d z" and so on.
    string.packsize(fmt)  How many bytes a format takes.
    string.rep(s, n [, sep])  A string repeated.
    string.reverse(s)  The bytes in reverse.
    string.sub(s, i [, j])  Bytes i to j; negative numbers count from the end.
    string.unpack(fmt, s [, pos])  Values from bytes, and where the next ones are.
    string.upper(s)  A copy in capitals.
    table.concat(list [, sep [, i [, j]]])  Joins texts.
    table.insert(list, [pos,] value)  Puts a value in.
    table.move(a1, f, e, t [, a2])  Copies a1[f..e] to a2[t...].
    table.pack(...)  A table of all arguments, with n.
    table.remove(list [, pos])  Takes a value out.
    table.sort(list [, comp])  Sorts in place.
    table.unpack(list [, i [, j]])  The values of a list.
    utf8.char(...)  A text of characters given as numbers.
    utf8.codepoint(s [, i [, j [, lax]]])  The numbers of some characters.
    utf8.codes(s [, lax])  For loops over positions and characters.
    utf8.len(s [, i [, j [, lax]]])  How many characters; nil and where it is no UTF-8.
    utf8.offset(s, n [, i])  Where the n-th character begins.
    """
}
