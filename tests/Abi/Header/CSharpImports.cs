using System.Reflection;
using System.Text;

namespace Culverin.Abi.Tests.Header;

/// <summary>Writes the imports of the .NET binding.</summary>
internal static class CSharpImports
{
    private const int Columns = 110;

    public static string Write()
    {
        var text = new StringBuilder("""
            using System.Runtime.InteropServices;
            using Culverin.Abi.Types;

            namespace Culverin.Native;

            // SAFETY: declarations only; each caller says why its pointers are valid.

            /// <summary>The functions of culverin.h, written from its exports; do not edit.</summary>
            internal static unsafe partial class NativeMethods
            {
                /// <summary>The library's name without the platform's prefix and suffix.</summary>
                public const string Library = "culverin";

            """);
        foreach (MethodInfo function in AbiModel.Groups.SelectMany(AbiModel.Functions))
        {
            string name = AbiModel.NameOf(function);
            string[] words = name["culverin_".Length..].Split('_');
            string own = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
            string[] parameters =
            [
                .. function.GetParameters().Select(
                    parameter => $"{TypeName(parameter.ParameterType)} {parameter.Name}"),
            ];
            text.Append($"\n    /// <summary>{name}.</summary>\n");
            text.Append($"    [LibraryImport(Library, EntryPoint = \"{name}\")]\n");
            string line = $"    public static partial Status {own}({string.Join(", ", parameters)});\n";
            string broken = string.Join(",\n        ", parameters);
            text.Append(line.Length <= Columns
                ? line
                : $"    public static partial Status {own}(\n        {broken});\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string TypeName(Type type) => type switch
    {
        _ when type.IsPointer => TypeName(type.GetElementType()!) + "*",
        _ when type == typeof(void) => "void",
        _ when type == typeof(byte) => "byte",
        _ when type == typeof(sbyte) => "sbyte",
        _ when type == typeof(int) => "int",
        _ when type == typeof(uint) => "uint",
        _ when type == typeof(ulong) => "ulong",
        _ when type == typeof(nuint) => "nuint",
        _ => type.Name,
    };
}
