using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Culverin.Abi.Exports;
using Culverin.Abi.Types;

namespace Culverin.Abi.Tests.Header;

/// <summary>
/// The C interface as its exports and types declare it: what the header and the declarations of other
/// languages are written from.
/// </summary>
internal static partial class AbiModel
{
    private static readonly Dictionary<string, string> Documentation = ReadDocumentation();

    public static uint Major => AbiVersions.Major;

    public static uint Minor => AbiVersions.Minor;

    public static Type[] Enums { get; } =
    [
        typeof(Status), typeof(Engine), typeof(Flag), typeof(RunFlag), typeof(End), typeof(Level),
        typeof(Part),
    ];

    public static Type[] Handles { get; } =
    [
        typeof(MachineHandle), typeof(ProofHandle), typeof(TraceHandle), typeof(AnalysisHandle),
        typeof(CancelHandle),
    ];

    public static Type[] Callbacks { get; } =
    [
        typeof(OutputCallback), typeof(LogCallback), typeof(PreimageCallback), typeof(HintCallback),
        typeof(ProgressCallback),
    ];

    public static Type[] Structs { get; } =
    [
        typeof(Options), typeof(Limits), typeof(TraceOptions), typeof(VersionInfo), typeof(MachineSummary),
        typeof(ProofSummary), typeof(TraceEnd), typeof(TraceSummary),
    ];

    public static Type[] Groups { get; } =
        [typeof(LibraryExports), typeof(MachineExports), typeof(ProofExports), typeof(TraceExports)];

    /// <summary>All functions of a group in the order of their declaration.</summary>
    public static IEnumerable<MethodInfo> Functions(Type group) =>
        group.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>() is not null)
            .OrderBy(method => method.MetadataToken);

    public static IEnumerable<FieldInfo> Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public).OrderBy(field => field.MetadataToken);

    public static IEnumerable<FieldInfo> Members(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public);

    public static string NameOf(MethodInfo function) =>
        function.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()!.EntryPoint!;

    /// <summary>culverin_machine for MachineHandle, culverin_output_fn for OutputCallback.</summary>
    public static string NameOf(Type type)
    {
        string name = Snake(type.Name);
        return "culverin_" + (name.EndsWith("_handle", StringComparison.Ordinal) ? name[..^7]
            : name.EndsWith("_callback", StringComparison.Ordinal) ? name[..^9] + "_fn"
            : name);
    }

    /// <summary>CULVERIN_E_MISUSE for Status.Misuse, CULVERIN_END_EXITED for End.Exited.</summary>
    public static string NameOf(FieldInfo member)
    {
        string name = Snake(member.Name).ToUpperInvariant();
        return member.DeclaringType == typeof(Status)
            ? name == "OK" ? "CULVERIN_OK" : "CULVERIN_E_" + name
            : $"CULVERIN_{Snake(member.DeclaringType!.Name).ToUpperInvariant()}_{name}";
    }

    public static string Snake(string name) => WordStart().Replace(name, "_").ToLowerInvariant();

    /// <summary>How many elements a fixed array in a struct has, and of what; null if it is none.</summary>
    public static (Type Element, int Count)? ArrayOf(FieldInfo field) =>
        field.GetCustomAttribute<System.Runtime.CompilerServices.FixedBufferAttribute>() is { } fixedBuffer
            ? (fixedBuffer.ElementType, fixedBuffer.Length)
            : null;

    /// <summary>The summary of a type, in one line.</summary>
    public static string DocumentationOf(Type type) => Documentation["T:" + type.FullName];

    /// <summary>The summary of a field, in one line.</summary>
    public static string DocumentationOf(FieldInfo field) =>
        Documentation[$"F:{field.DeclaringType!.FullName}.{field.Name}"];

    /// <summary>The summary of a function, in one line.</summary>
    public static string DocumentationOf(MethodInfo function)
    {
        string start = $"M:{function.DeclaringType!.FullName}.{function.Name}";
        return Documentation.First(
            entry => entry.Key == start || entry.Key.StartsWith(start + "(", StringComparison.Ordinal)).Value;
    }

    private static Dictionary<string, string> ReadDocumentation()
    {
        string path = Path.ChangeExtension(typeof(Status).Assembly.Location, ".xml");
        return XDocument.Load(path).Descendants("member").ToDictionary(
            member => member.Attribute("name")!.Value,
            member => Blank().Replace(member.Element("summary")?.Value ?? "", " ").Trim());
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
