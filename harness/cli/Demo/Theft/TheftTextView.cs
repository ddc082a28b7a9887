using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Spectre.Console;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// The story as a timeline for a person, a line for each event, with colours on a terminal. A NO_COLOR that
/// is not empty takes the colours away.
/// </summary>
internal sealed class TheftTextView : ITheftView
{
    private const int TimeWidth = 17;
    private const int PlaceWidth = 7;
    private const int ActorWidth = 11;
    private const int SmallShownMax = 4;

    private static readonly string Indent = new(' ', 2 + TimeWidth + 1 + PlaceWidth + 1 + ActorWidth + 1);

    private readonly IAnsiConsole _console;
    private ulong? _start;
    private string _chapter = "";
    private int _smallCount;

    private TheftTextView(IAnsiConsole console)
    {
        _console = console;
    }

    /// <summary>Suits standard output: a terminal or not.</summary>
    public static TheftTextView Detect()
    {
        bool isTerminal = !Console.IsOutputRedirected
            && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        bool isColorless = !isTerminal
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isColorless ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });

        // Lines are never broken here: a terminal does that, and a pipe wants them whole.
        console.Profile.Width = int.MaxValue / 4;
        return new TheftTextView(console);
    }

    /// <inheritdoc/>
    public void Show(TimelineEntry entry)
    {
        if (entry.Chapter != _chapter)
        {
            EndSmall();
            _chapter = entry.Chapter;
            _console.Write(Markup.FromInterpolated($"\n[bold]{entry.Chapter}[/]\n"));
        }

        bool isSmall = entry.Kind is EntryKind.Move or EntryKind.Routine;
        if (isSmall && ++_smallCount > SmallShownMax)
        {
            return;
        }

        if (!isSmall)
        {
            EndSmall();
        }

        _start ??= entry.TimestampSeconds;
        string time = Wording.Time(entry.TimestampSeconds, _start.Value).PadRight(TimeWidth);
        string place = entry.BlockNumber is { } block ? $"{entry.Chain} {block}" : "";
        string numbers = string.Join(
            ", ",
            new[]
            {
                entry.AmountWei is { } wei ? Wording.RoundedEther(wei) : "",
                entry.Gas is { } gas ? $"{Wording.Number(gas)} gas" : "",
            }.Where(text => text.Length > 0));
        string text = numbers.Length == 0 ? entry.Text : $"{entry.Text} ({numbers})";
        string line = $"{time} {place.PadRight(PlaceWidth)} {entry.Actor.PadRight(ActorWidth)} {text}";
        _console.Write(Markup.FromInterpolated($"  {line}\n", StyleOf(entry.Kind)));
        if (!isSmall && entry.Detail is { } detail)
        {
            _console.Write(Markup.FromInterpolated($"{Indent}{detail}\n", StyleOf(entry.Kind)));
        }
    }

    /// <inheritdoc/>
    public void Show(Expectation expectation)
    {
        if (!expectation.Held)
        {
            EndSmall();
            WriteMarked(false, $"expected: {expectation.Text}; got: {expectation.Got}");
        }
    }

    /// <inheritdoc/>
    public void ShowEnd(Story story, string pagePath, double seconds)
    {
        EndSmall();
        _console.Write(new Text("\n"));
        int held = story.Expectations.Count(expectation => expectation.Held);
        WriteMarked(
            story.Held,
            FormattableString.Invariant(
                $"{held} of {story.Expectations.Count} expectations held ({seconds:F1} s)"));
        _console.Write(new Text($"  page: {pagePath}\n"));
    }

    // A long bisection is told by its beginning; the page has all of it.
    private void EndSmall()
    {
        if (_smallCount > SmallShownMax)
        {
            _console.Write(new Text($"{Indent}... and {_smallCount - SmallShownMax} more\n"));
        }

        _smallCount = 0;
    }

    private static Style StyleOf(EntryKind kind) => kind switch
    {
        EntryKind.Refusal => new Style(Color.Red),
        EntryKind.Routine => new Style(Color.Grey),
        _ => Style.Plain,
    };

    private void WriteMarked(bool isRight, string text)
    {
        Style style = new(isRight ? Color.Green : Color.Red);
        _console.Write(Markup.FromInterpolated($"{(isRight ? "✓" : "✗")} {text}\n", style));
    }
}
