using System.CommandLine;
using Culverin.Harness.Arenas;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>The options of all verbs about games, and how they are read.</summary>
internal sealed class GameFlags
{
    private readonly Option<string[]> _l1 = new("--l1")
    {
        HelpName = "URL",
        Description = "a node of L1; several may be named, transactions go to the first",
        Required = true,
        Recursive = true,
    };

    private readonly Option<string[]> _l2 = new("--l2")
    {
        HelpName = "URL",
        Description = "a node of L2; several may be named",
        Recursive = true,
    };

    private readonly Option<string[]> _rollupNode = new("--rollup-node")
    {
        HelpName = "URL",
        Description = "a node that derives the L2 from L1, such as l2-node or op-node; several may be named. "
            + "Needed where something is judged",
        Recursive = true,
    };

    private readonly Option<string> _factory = new("--factory")
    {
        HelpName = "ADDRESS",
        Description = "the DisputeGameFactory on L1",
        Required = true,
        Recursive = true,
    };

    private readonly Option<string?> _rollup = new("--rollup")
    {
        HelpName = "FILE",
        Description = "the L2's rollup.json, as op-node has it",
        Recursive = true,
    };

    private readonly Option<string?> _prestate = new("--prestate")
    {
        HelpName = "FILE",
        Description = "the first state of the fault-proof program",
        Recursive = true,
    };

    private readonly Option<string> _data = new("--data")
    {
        HelpName = "FOLDER",
        Description = "where runs of the program are kept (default: culverin-games in the temporary folder)",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "culverin-games"),
        Recursive = true,
    };

    private readonly Option<string> _machine = new("--machine")
    {
        HelpName = "mips|alphabet",
        Description = "the machine that decides games; the alphabet is a toy for tests (default: mips)",
        DefaultValueFactory = _ => "mips",
        Recursive = true,
    };

    private readonly Option<int?> _agree = new("--agree")
    {
        HelpName = "COUNT",
        Description = "how many of several nodes must say the same, while none contradicts (default: all)",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "report as JSON, one object on each line",
        Recursive = true,
    };

    private readonly AccountFlags _account = new();

    /// <summary>Adds them to the verb above.</summary>
    public void AddTo(Command command)
    {
        _ = _machine.AcceptOnlyFromAmong("mips", "alphabet");
        Option[] options =
            [_l1, _l2, _rollupNode, _factory, _rollup, _prestate, _data, _machine, _agree, _json];
        foreach (Option option in options.Concat(_account.All))
        {
            command.Add(option);
        }
    }

    /// <summary>Whether the report is JSON.</summary>
    public bool IsJson(ParseResult flags) => flags.GetValue(_json);

    /// <summary>
    /// Reads them; throws <see cref="CulverinException"/> for a malformed address.
    /// </summary>
    public GameSettings Read(ParseResult flags) => new()
    {
        L1 = [.. flags.GetValue(_l1)!.Select(AccountFlags.ReadUri)],
        L2 = [.. (flags.GetValue(_l2) ?? []).Select(AccountFlags.ReadUri)],
        RollupNodes = [.. (flags.GetValue(_rollupNode) ?? []).Select(AccountFlags.ReadUri)],
        Factory = Address.Parse(flags.GetValue(_factory)!),
        RollupFile = flags.GetValue(_rollup),
        PrestateFile = flags.GetValue(_prestate),
        DataFolder = flags.GetValue(_data)!,
        Machine = flags.GetValue(_machine) == "alphabet" ? ArenaMachine.Alphabet : ArenaMachine.Mips,
        AgreementCount = flags.GetValue(_agree),
        Account = _account.Read(flags),
    };
}
