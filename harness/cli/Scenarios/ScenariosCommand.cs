using System.CommandLine;
using Culverin.Embed;
using Culverin.Harness.Local;
using Culverin.Harness.Scenarios.Cases;
using Culverin.Harness.Scenarios.Run;
using Culverin.Native;

namespace Culverin.Harness.Cli.Scenarios;

/// <summary>The verb <c>scenarios</c> and its flags.</summary>
internal static class ScenariosCommand
{
    private const int ParallelCountMax = 16;

    private static readonly Argument<string[]> Ids = new("id")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "which: W1 for all its variants, W1/only for one of them (default: all)",
    };

    private static readonly Option<bool> IsList = new("--list")
    {
        Description = "list what there is instead of playing it",
    };

    private static readonly Option<bool> IsJson = new("--json")
    {
        Description = "report as JSON, one object on each line",
    };

    private static readonly Option<string> Depth = new("--depth")
    {
        HelpName = "odd|even|both",
        Description = "leave out games of the other depth (default: both)",
        DefaultValueFactory = _ => "both",
    };

    private static readonly Option<int> Parallel = new("--parallel")
    {
        HelpName = "COUNT",
        Description = "how many are played at once (default: 2)",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<string> Engine = new("--engine")
    {
        HelpName = "managed|native",
        Description = "what runs the program: this runtime, or the library of CULVERIN_LIBRARY",
        DefaultValueFactory = _ => "managed",
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        _ = Depth.AcceptOnlyFromAmong("odd", "even", "both");
        _ = Engine.AcceptOnlyFromAmong("managed", "native");
        Command command = new(
            "scenarios", "Plays named disputes and withdrawals on the real contracts, each by itself.")
        {
            Ids,
            IsList,
            IsJson,
            Depth,
            Parallel,
            Engine,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult flags, CancellationToken cancellation)
    {
        IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> cases =
            Choose(flags.GetValue(Ids)!, flags.GetValue(Depth)!);
        ScenarioView view = ScenarioView.Detect(flags.GetValue(IsJson));
        if (flags.GetValue(IsList))
        {
            view.ShowList(cases);
            return ExitCodes.Success;
        }

        int parallelCount = Math.Clamp(flags.GetValue(Parallel), 1, ParallelCountMax);
        IEngine engine = flags.GetValue(Engine) == "native" ? NativeEngine.Instance : ManagedEngine.Instance;
        ScenarioRunner runner = new(NodePackages.Locate(), parallelCount, engine);
        await using (runner.ConfigureAwait(false))
        {
            IReadOnlyList<ScenarioResult> results = await runner
                .RunAllAsync(cases, view.ShowResult, cancellation)
                .ConfigureAwait(false);
            view.ShowEnd(results);
            return results.All(result => result.Held) ? ExitCodes.Success : ExitCodes.Error;
        }
    }

    private static IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> Choose(
        string[] names, string depth)
    {
        List<(Scenario Scenario, ScenarioVariant Variant)> chosen = [];
        foreach (string name in names)
        {
            IReadOnlyList<(Scenario, ScenarioVariant)> found = ScenarioCatalog.Find(name);
            chosen.AddRange(found.Count > 0
                ? found
                : throw new CulverinException(
                    ErrorCode.InvalidArgument, $"There is no scenario '{name}'; --list names them all."));
        }

        DepthParity? only = depth switch
        {
            "odd" => DepthParity.Odd,
            "even" => DepthParity.Even,
            _ => null,
        };
        return
        [
            .. (names.Length == 0 ? ScenarioCatalog.Cases : chosen.Distinct())
                .Where(each => only is null || each.Variant.Depth is null || each.Variant.Depth == only),
        ];
    }
}
