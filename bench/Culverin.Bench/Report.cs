using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace Culverin.Bench;

/// <summary>Writes bench/RESULTS.md.</summary>
internal static class Report
{
    private const string SectionMark = "## ";

    /// <summary>Replaces the file, but for sections that were not measured this time.</summary>
    public static void Write(
        string path,
        IEnumerable<Summary> summaries,
        IReadOnlyList<MacroResult> macro,
        IReadOnlyList<GuestSpeed> guests)
    {
        var text = new StringBuilder();
        Line(text, "# Results");
        Line(text, "");
        Line(text, "Written by `./build.sh bench`. One machine at one time: compare ratios, not seconds.");
        string processor = Processor() ?? "an unknown processor";
        int cores = Environment.ProcessorCount;
        Line(text, $"Machine: {cores} cores of {processor}, .NET {Environment.Version}.");
        Line(text, "");
        WriteMacro(text, macro);
        WriteGuests(text, guests);
        foreach (Summary summary in summaries)
        {
            WriteMicro(text, summary);
        }

        string[] fresh = Sections(text.ToString());
        string[] old = File.Exists(path) ? Sections(File.ReadAllText(path)) : [];
        IEnumerable<string> kept = old.Skip(1).Where(
            section => !fresh.Any(other => TitleOf(other) == TitleOf(section)));
        File.WriteAllText(path, string.Concat(fresh.Concat(kept)));
    }

    // The head first, then each section with its mark.
    private static string[] Sections(string text) =>
    [
        .. text.Split($"\n{SectionMark}").Select(
            (section, index) => $"{(index == 0 ? "" : $"\n{SectionMark}")}{section.TrimEnd()}\n"),
    ];

    private static string TitleOf(string section) => section.TrimStart().Split('\n')[0];

    private static void WriteMacro(StringBuilder text, IReadOnlyList<MacroResult> macro)
    {
        if (macro.Count == 0)
        {
            return;
        }

        Line(text, "## Whole processes");
        Line(text, "");
        Line(text, "Median wall time from process start to exit, the two executables in turn.");
        Line(text, "");
        Line(text, "| what | culverin (s) | M steps/s | reference (s) | M steps/s | ratio |");
        Line(text, "|---|---:|---:|---:|---:|---:|");
        foreach (MacroResult row in macro)
        {
            string ratio = row.PeerSeconds is { } peer ? $"{peer / row.OursSeconds:F1} ×" : "";
            Line(
                text,
                $"| {row.What} | {row.OursSeconds:F3} | {Speed(row.Steps, row.OursSeconds)} "
                    + $"| {row.PeerSeconds:F3} | {Speed(row.Steps, row.PeerSeconds)} | {ratio} |");
        }

        Line(text, "");
    }

    private static void WriteGuests(StringBuilder text, IReadOnlyList<GuestSpeed> guests)
    {
        if (guests.Count == 0)
        {
            return;
        }

        Line(text, "## Guests");
        Line(text, "");
        Line(text, "Million steps a second of whole processes, medians. Ours run to the end and must reach");
        Line(text, "the recorded state hash; the reference, in turn with them, executes 100 million steps.");
        Line(text, "qemu is the user-mode emulator, which counts no steps and commits to nothing. native is");
        Line(text, "the same C source compiled for this computer, its speed in steps that the guest needs.");
        Line(text, "");
        Line(text, "![translator ÷ reference](RESULTS.svg)");
        Line(text, "");
        Line(text, "| guest | version | million steps | interpreter | translator | reference | qemu | native "
            + "| interpreter ÷ reference | translator ÷ reference | translator ÷ qemu "
            + "| translator ÷ native |");
        Line(text, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (GuestSpeed row in guests)
        {
            Line(
                text,
                $"| {row.Elf} | {(byte)row.Version} | {row.Steps / 1e6:F0} | {row.Interpreter / 1e6:F0} "
                    + $"| {row.Translator / 1e6:F0} | {row.Peer / 1e6:F1} | {row.Emulator / 1e6:F0} "
                    + $"| {row.Native / 1e6:F0} "
                    + $"| {row.Interpreter / row.Peer:F1} | {row.Translator / row.Peer:F1} "
                    + $"| {row.Translator / row.Emulator:F2} | {row.Translator / row.Native:F2} |");
        }

        Line(text, "");
    }

    private static void WriteMicro(StringBuilder text, Summary summary)
    {
        Line(text, $"## {summary.BenchmarksCases[0].Descriptor.Type.Name}");
        Line(text, "");
        Line(text, "| case | mean | error |");
        Line(text, "|---|---:|---:|");
        foreach (BenchmarkReport report in summary.Reports)
        {
            string name = $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name} "
                + report.BenchmarkCase.Parameters.DisplayInfo;
            string mean = report.ResultStatistics is { } statistics ? Duration(statistics.Mean) : "failed";
            string error = report.ResultStatistics is { } spread ? Duration(spread.StandardError) : "";
            Line(text, $"| {name.Trim()} | {mean} | {error} |");
        }

        Line(text, "");
    }

    private static string Speed(ulong steps, double? seconds) =>
        steps == 0 || seconds is null ? "" : $"{steps / seconds.Value / 1e6:F0}";

    private static string Duration(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{nanoseconds:F2} ns",
        < 1e6 => $"{nanoseconds / 1e3:F2} µs",
        _ => $"{nanoseconds / 1e6:F2} ms",
    };

    private static string? Processor()
    {
        const string Information = "/proc/cpuinfo";
        return File.Exists(Information)
            ? File.ReadLines(Information)
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[^1].Trim()
            : null;
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
