using System.Globalization;
using System.Reflection;
using System.Text;
using Culverin.Abi.Types;

namespace Culverin.Abi.Tests.Header;

/// <summary>Writes culverin.h.</summary>
internal static class CHeader
{
    private const int Columns = 100;

    private static readonly string[] Rules =
    [
        "Culverin: runs MIPS programs as the fault-proof contracts do, commits to their states, "
            + "proves steps.",
        "",
        "Rules that hold everywhere:",
        "- Every function returns a status; CULVERIN_OK is 0. The numbers never change their "
            + "meaning.",
        "- Order of arguments: the handle; then what is written, each buffer followed by its "
            + "size and the place for its length; then what is read, each array followed by its size.",
        "- A callback's first argument is the user pointer that stands behind it in its struct.",
        "- Handles are opaque numbers, not addresses. Null, a freed handle, a handle of another "
            + "kind and bytes that never were one give CULVERIN_E_MISUSE, also when another thread "
            + "frees it meanwhile.",
        "- Who makes a handle frees it, with the function named there. All other memory stays "
            + "with its owner: "
            + "what the library needs longer than a call it copies, and it hands out copies only.",
        "- A buffer that is too small gives CULVERIN_E_BUFFER_TOO_SMALL and the length needed; "
            + "nothing is written. So a first call with null and 0 asks for the length. Text ends with "
            + "a zero, which the length does not count and the size must.",
        "- Structs begin with struct_size, which the caller sets to sizeof; they may grow at "
            + "their end.",
        "- Text is UTF-8. Hashes and keys are 32 bytes. Steps are values of the step counter: "
            + "the hash at step i is that of the state before step i, the proof of step i leads from "
            + "there to i + 1.",
        "- Callbacks run on the thread of the call, if nothing else is said. They must return: "
            + "no exception, no longjmp may leave them. They may call everything but functions on the "
            + "handle that is in use.",
        "- No exception of the library's passes into the caller, and no error ends the process. "
            + "A pointer that is neither null nor valid is the only thing it cannot notice.",
        "- What signals do is the program's to decide. A write beyond the limit of the size of files "
            + "(setrlimit, RLIMIT_FSIZE) raises SIGXFSZ, which ends a process that does not ignore it; "
            + "where it is ignored, the call gives CULVERIN_E_FILE_ACCESS.",
        "- The library cannot be unloaded, and does not survive fork() without exec().",
    ];

    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("/* Generated from the exports of bindings/c; do not edit. */\n");
        Comment(text, "", string.Join('\n', Rules));
        text.Append("#ifndef CULVERIN_H\n#define CULVERIN_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n");
        text.Append($"#define CULVERIN_ABI_MAJOR {AbiModel.Major}\n")
            .Append($"#define CULVERIN_ABI_MINOR {AbiModel.Minor}\n");
        text.Append("\n#if defined(__GNUC__)\n#define CULVERIN_API __attribute__((visibility(\"default\"), "
            + "warn_unused_result))\n#else\n#define CULVERIN_API\n#endif\n\n");
        text.Append("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
        foreach (Type type in AbiModel.Enums)
        {
            WriteEnum(text, type);
        }

        foreach (Type type in AbiModel.Handles)
        {
            text.Append('\n');
            Comment(text, "", AbiModel.DocumentationOf(type));
            text.Append($"typedef struct {AbiModel.NameOf(type)} {AbiModel.NameOf(type)};\n");
        }

        foreach (Type type in AbiModel.Callbacks)
        {
            WriteCallback(text, type);
        }

        foreach (Type type in AbiModel.Structs)
        {
            WriteStruct(text, type);
        }

        foreach (Type group in AbiModel.Groups)
        {
            text.Append($"\n/* ---- {AbiModel.DocumentationOf(group)} ---- */\n");
            foreach (MethodInfo function in AbiModel.Functions(group))
            {
                text.Append('\n');
                Comment(text, "", AbiModel.DocumentationOf(function));
                Wrapped(
                    text,
                    $"CULVERIN_API culverin_status {AbiModel.NameOf(function)}(",
                    function.GetParameters());
            }
        }

        return text.Append("\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n").ToString();
    }

    private static void WriteEnum(StringBuilder text, Type type)
    {
        text.Append('\n');
        Comment(text, "", AbiModel.DocumentationOf(type));
        if (type == typeof(Status))
        {
            text.Append("typedef int32_t culverin_status;\n");
        }

        text.Append("enum {\n");
        FieldInfo[] members = [.. AbiModel.Members(type)];
        foreach (FieldInfo member in members)
        {
            Comment(text, "    ", AbiModel.DocumentationOf(member));
            string comma = member == members[^1] ? "" : ",";
            int value = Convert.ToInt32(member.GetRawConstantValue(), CultureInfo.InvariantCulture);
            text.Append($"    {AbiModel.NameOf(member)} = {value}{comma}\n");
        }

        text.Append("};\n");
    }

    private static void WriteCallback(StringBuilder text, Type type)
    {
        MethodInfo invoke = type.GetMethod("Invoke")!;
        text.Append('\n');
        Comment(text, "", AbiModel.DocumentationOf(type));
        string result = invoke.ReturnType == typeof(void) ? "void" : "int32_t";
        Wrapped(text, $"typedef {result} (*{AbiModel.NameOf(type)})(", invoke.GetParameters());
    }

    private static void WriteStruct(StringBuilder text, Type type)
    {
        text.Append('\n');
        Comment(text, "", AbiModel.DocumentationOf(type));
        text.Append($"typedef struct {AbiModel.NameOf(type)} {{\n");
        foreach (FieldInfo field in AbiModel.Fields(type))
        {
            Comment(text, "    ", AbiModel.DocumentationOf(field));
            text.Append($"    {Declare(field)};\n");
        }

        text.Append($"}} {AbiModel.NameOf(type)};\n");
    }

    private static string Declare(FieldInfo field)
    {
        string name = AbiModel.Snake(field.Name);
        if (AbiModel.ArrayOf(field) is { } array)
        {
            return $"{TypeName(array.Element, false)} {name}[{array.Count}]";
        }

        return field.GetCustomAttribute<CallbackAttribute>() is { } callback
            ? $"{AbiModel.NameOf(callback.Type)} {name}"
            : Join(TypeName(field.FieldType, field.GetCustomAttribute<ConstAttribute>() is not null), name);
    }

    private static string Declare(ParameterInfo parameter) => Join(
        TypeName(parameter.ParameterType, parameter.GetCustomAttribute<ConstAttribute>() is not null),
        AbiModel.Snake(parameter.Name!));

    private static string Join(string type, string name) =>
        type.EndsWith('*') ? type + name : $"{type} {name}";

    // Strings in arrays are const, too; a const pointer to set, as a callback does, points to const bytes.
    private static string TypeName(Type type, bool isConst)
    {
        if (type == typeof(sbyte**))
        {
            return "const char *const *";
        }

        if (type.IsPointer)
        {
            string target = TypeName(type.GetElementType()!, isConst);
            return Join(target, "*");
        }

        string prefix = isConst ? "const " : "";
        return prefix + (type switch
        {
            _ when type == typeof(void) => "void",
            _ when type == typeof(byte) => "uint8_t",
            _ when type == typeof(sbyte) => "char",
            _ when type == typeof(int) => "int32_t",
            _ when type == typeof(uint) => "uint32_t",
            _ when type == typeof(ulong) => "uint64_t",
            _ when type == typeof(nuint) => "size_t",
            _ when AbiModel.Handles.Contains(type) => AbiModel.NameOf(type),
            _ when AbiModel.Structs.Contains(type) => AbiModel.NameOf(type),
            _ => throw new NotSupportedException($"{type} has no name in C."),
        });
    }

    private static void Wrapped(StringBuilder text, string start, ParameterInfo[] parameters)
    {
        string[] declared = parameters.Length == 0 ? ["void"] : [.. parameters.Select(Declare)];
        string whole = $"{start}{string.Join(", ", declared)});\n";
        text.Append(whole.Length <= Columns
            ? whole
            : $"{start}\n    {string.Join(",\n    ", declared)});\n");
    }

    private static void Comment(StringBuilder text, string indent, string content)
    {
        string[] lines = [.. content.Split('\n').SelectMany(line => Wrap(line, Columns - indent.Length - 6))];
        if (lines.Length == 1)
        {
            text.Append($"{indent}/* {lines[0]} */\n");
            return;
        }

        text.Append($"{indent}/*\n");
        foreach (string line in lines)
        {
            text.Append($"{indent} * {line}".TrimEnd()).Append('\n');
        }

        text.Append($"{indent} */\n");
    }

    private static IEnumerable<string> Wrap(string line, int width)
    {
        string hanging = line.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
        while (line.Length > width)
        {
            int at = line.LastIndexOf(' ', width);
            yield return line[..at];
            line = hanging + line[(at + 1)..];
        }

        yield return line;
    }
}
