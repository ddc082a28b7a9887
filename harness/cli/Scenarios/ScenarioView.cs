using System.Globalization;
using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Scenarios.Cases;
using Culverin.Harness.Scenarios.Run;
using Spectre.Console;

namespace Culverin.Harness.Cli.Scenarios;

/// <summary>Shows scenarios on standard output: a table for people, or a JSON object on each line.</summary>
internal sealed class ScenarioView
{
    // Where output goes to a file or a pipe, nobody cuts lines.
    private const int PipeWidth = 200;

    private readonly bool _isJson;
    private readonly IAnsiConsole _console;

    private ScenarioView(bool isJson, IAnsiConsole console)
    {
        _isJson = isJson;
        _console = console;
    }

    /// <summary>For a terminal or a pipe, whichever standard output is.</summary>
    public static ScenarioView Detect(bool isJson)
    {
        bool isPiped = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPiped ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPiped ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (isPiped)
        {
            console.Profile.Width = PipeWidth;
        }

        return new ScenarioView(isJson, console);
    }

    /// <summary>Shows what there is.</summary>
    public void ShowList(IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> cases)
    {
        if (_isJson)
        {
            foreach ((Scenario scenario, ScenarioVariant variant) in cases)
            {
                Console.Out.WriteLine(ScenarioJson.Line(scenario, variant));
            }

            return;
        }

        Table table = NewTable("scenario", "variants", "what happens", "what it proves");
        foreach (IGrouping<Scenario, ScenarioVariant> group in cases.GroupBy(
            each => each.Scenario, each => each.Variant))
        {
            _ = table.AddRow(
                Text(group.Key.Id),
                Text(string.Join(' ', group.Select(variant => variant.Name))),
                Text(group.Key.Title),
                Text(group.Key.Proves));
        }

        _console.Write(table);
    }

    /// <summary>Shows how one went, as soon as it is over.</summary>
    public void ShowResult(ScenarioResult result)
    {
        if (_isJson)
        {
            Console.Out.WriteLine(ScenarioJson.Line(result));
            Console.Out.Flush();
            return;
        }

        string mark = result.Held ? "[green]held  [/]" : "[red]broken[/]";
        string seconds = result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        string name = Text($"{result.Scenario.Id}/{result.Variant.Name}");
        _console.MarkupLine($"{mark} {name} {seconds} s: {Text(result.Failure ?? result.Got)}");
    }

    /// <summary>Shows all as a table, and how many held.</summary>
    public void ShowEnd(IReadOnlyList<ScenarioResult> results)
    {
        if (_isJson)
        {
            return;
        }

        Table table = NewTable(
            "scenario", "variant", "vm", "expected", "got", "sent", "bonds in", "bonds out", "gas", "ms");
        List<string> order =
            [.. ScenarioCatalog.Cases.Select(each => $"{each.Scenario.Id}/{each.Variant.Name}")];
        foreach (ScenarioResult result in results.OrderBy(
            each => order.IndexOf($"{each.Scenario.Id}/{each.Variant.Name}")))
        {
            string colour = result.Held ? "green" : "red";
            _ = table.AddRow(
                $"[{colour}]{Text(result.Scenario.Id)}[/]",
                Text(result.Variant.Name),
                result.Scenario.Options(result.Variant).Machine.ToString(),
                Text(result.Expected),
                Text(result.Got),
                Number(result.Ledger?.TransactionCount ?? 0),
                Ether(result.Ledger?.BondsIn ?? 0),
                Ether(result.Ledger?.BondsOut ?? 0),
                Number(result.Ledger?.Gas ?? 0),
                Number(result.Elapsed.TotalMilliseconds));
        }

        _console.Write(table);
        foreach (ScenarioResult result in results.Where(each => !each.Held))
        {
            string reasons = string.Join(' ', result.Violations.Prepend(result.Failure ?? ""));
            _console.MarkupLine(
                $"[red]{Text(result.Scenario.Id)}/{Text(result.Variant.Name)}[/] {Text(reasons.Trim())}");
        }

        int held = results.Count(result => result.Held);
        _console.MarkupLine(
            $"{Number(held)} held, {Number(results.Count - held)} broken");
    }

    private static Table NewTable(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            _ = table.AddColumn(column);
        }

        return table;
    }

    private static string Text(string text) => Markup.Escape(text);

    private static string Number(double number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Ether(BigInteger wei) =>
        ((double)wei / (double)ArenaOptions.Ether).ToString("0.####", CultureInfo.InvariantCulture);
}
