using System.CommandLine;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Withdrawals;

/// <summary>The options of all withdrawal verbs, and how they are read.</summary>
internal sealed class WithdrawalFlags
{
    private readonly Option<string> _l1 = new("--l1")
    {
        HelpName = "URL",
        Description = "the L1's node",
        Required = true,
        Recursive = true,
    };

    private readonly Option<string> _l2 = new("--l2")
    {
        HelpName = "URL",
        Description = "the L2's node",
        Required = true,
        Recursive = true,
    };

    private readonly Option<string> _portal = new("--portal")
    {
        HelpName = "ADDRESS",
        Description = "the portal on L1",
        Required = true,
        Recursive = true,
    };

    private readonly AccountFlags _account = new();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "report as JSON, one object on each line",
        Recursive = true,
    };

    /// <summary>Adds them to the verb above.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _l1, _l2, _portal }.Concat(_account.All).Append(_json))
        {
            command.Add(option);
        }
    }

    /// <summary>Whether the report is JSON.</summary>
    public bool IsJson(ParseResult flags) => flags.GetValue(_json);

    /// <summary>
    /// Reads them; throws <see cref="CulverinException"/> for a malformed address.
    /// </summary>
    public WithdrawalSettings Read(ParseResult flags) => new(
        AccountFlags.ReadUri(flags.GetValue(_l1)!),
        AccountFlags.ReadUri(flags.GetValue(_l2)!),
        Address.Parse(flags.GetValue(_portal)!),
        _account.Read(flags));
}
