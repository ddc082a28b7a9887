using System.Globalization;
using Culverin.Harness.Values;
using Spectre.Console;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>
/// The report for a person: with a drawn table and colours on a terminal, as plain aligned text elsewhere.
/// A NO_COLOR that is not empty takes the colours away.
/// </summary>
internal sealed class TextView : IDemoView
{
    private const double Million = 1e6;

    // Four bytes at each end of a hash tell any two apart; the JSON report has them whole.
    private const int HashDigitsShown = 8;

    private const int TableWidthMin = 120;

    private static readonly string[] Columns =
        ["what", "instruction", "step", "engine", "contract", "", "gas"];

    private static readonly bool[] IsNumber = [false, false, true, false, false, false, true];

    private readonly TextWriter _writer;
    private readonly IAnsiConsole? _console;

    private TextView(TextWriter writer, IAnsiConsole? console)
    {
        _writer = writer;
        _console = console;
    }

    /// <summary>Suits standard output: a terminal or not.</summary>
    public static TextView Detect()
    {
        bool isTerminal = !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        if (!isTerminal)
        {
            return new TextView(Console.Out, null);
        }

        bool isColorless = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            ColorSystem = isColorless ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });

        // A table cut off says nothing; in a window too narrow for it the lines wrap.
        console.Profile.Width = Math.Max(console.Profile.Width, TableWidthMin);
        return new TextView(Console.Out, console);
    }

    /// <inheritdoc/>
    public void ShowRun(GuestRun run)
    {
        WriteLine($"{run.Guest} ran to its end with exit code {run.ExitCode}");
        WriteLine($"  steps       {run.Steps:N0}");
        WriteLine($"  speed       {run.StepsPerSecond / Million:N0} M steps/s "
            + $"({run.MachineTime.TotalMilliseconds:N0} ms, after a warm-up)");
        WriteLine($"  server      {run.RequestCount:N0} requests, {run.PreimageReads.Count:N0} reads of "
            + $"pre-images ({run.ServerTime.TotalMilliseconds:N0} ms)");
        WriteLine($"  memory      {run.Pages:N0} pages");
        WriteLine($"  final hash  {run.FinalHash}");
        foreach (string line in run.Output.TrimEnd('\n').Split('\n'))
        {
            WriteLine($"  guest says  {line}");
        }

        WriteLine("");
    }

    /// <inheritdoc/>
    public void ShowSteps(IReadOnlyList<CheckedStep> steps)
    {
        WriteLine("State hash after each proven step: the engine's, and the MIPS contract's on a new chain");
        List<string[]> rows = [.. steps.Select(RowOf)];
        if (_console is not null)
        {
            WriteDrawnTable(_console, rows);
        }
        else
        {
            WritePlainTable(rows);
        }

        foreach (CheckedStep step in steps.Where(step => step.Outcome.Revert is not null))
        {
            WriteLine($"  {step.Proven.What}: the contract reverted: {step.Outcome.Revert}");
        }

        WriteLine("");
    }

    /// <inheritdoc/>
    public void ShowEnd(DemoReport report)
    {
        Tampering tampering = report.Tampering;
        WriteLine($"The proof of step {tampering.Step:N0}, {tampering.What}, with byte "
            + $"{tampering.BytePosition} changed");
        WriteLine($"  contract    {tampering.ContractAnswer}");
        WriteLine($"  verifier    {(tampering.TwinAnswer.Length > 0 ? tampering.TwinAnswer : "accepted")}");
        WriteLine("");
        int agreed = report.Steps.Count(step => step.Agrees);
        WriteMarked(
            report.Agrees,
            $"{agreed} of {report.Steps.Count} steps agree, the wrong proof was "
                + $"{(tampering.IsRefused ? "refused" : "NOT refused")} "
                + $"({report.Elapsed.TotalSeconds:F1} s)");
    }

    private static string[] RowOf(CheckedStep step) =>
    [
        step.Proven.What,
        step.Proven.Instruction,
        step.Proven.Proof.Step.ToString("N0", CultureInfo.InvariantCulture),
        Shorten(step.EngineHash),
        step.ContractHash is { } hash ? Shorten(hash) : "reverted",
        Mark(step.Agrees),
        step.Outcome.GasUsed?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
    ];

    private static string Mark(bool isRight) => isRight ? "✓" : "✗";

    private static string Shorten(Bytes32 hash)
    {
        string text = hash.ToString();
        return $"{text[..(2 + HashDigitsShown)]}…{text[^HashDigitsShown..]}";
    }

    private static void WriteDrawnTable(IAnsiConsole console, List<string[]> rows)
    {
        Table table = new() { Border = TableBorder.Rounded };
        for (int column = 0; column < Columns.Length; column++)
        {
            TableColumn header = new(Columns[column]) { NoWrap = true };
            table.AddColumn(IsNumber[column] ? header.RightAligned() : header);
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => Markup.FromInterpolated($"{cell}", StyleOf(cell))));
        }

        console.Write(table);
    }

    private static Style StyleOf(string cell) => cell switch
    {
        "✓" => new Style(Color.Green),
        "✗" or "reverted" => new Style(Color.Red),
        _ => Style.Plain,
    };

    private void WritePlainTable(List<string[]> rows)
    {
        int[] widths = [.. Columns.Select((name, column) =>
            rows.Select(row => row[column].Length).Append(name.Length).Max())];
        foreach (string[] row in rows.Prepend(Columns))
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                IsNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            _writer.WriteLine($"  {string.Join("  ", cells)}".TrimEnd());
        }
    }

    private void WriteMarked(bool isRight, string text)
    {
        string mark = Mark(isRight);
        if (_console is null)
        {
            _writer.WriteLine($"{mark} {text}");
        }
        else
        {
            _console.Write(Markup.FromInterpolated($"{mark} {text}\n", StyleOf(mark)));
        }
    }

    private void WriteLine(string text) => _writer.WriteLine(text);
}
