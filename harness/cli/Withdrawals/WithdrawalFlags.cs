using System;
using System.CommandLine;
using Culverin.Harness.Chain;

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

    private readonly Option<string?> _from = new("--from")
    {
        HelpName = "ADDRESS",
        Description = "the account that sends on L1, held by its node or the --signer",
        Recursive = true,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        HelpName = "FILE",
        Description = "the sending account's key, in hexadecimal",
        Recursive = true,
    };

    private readonly Option<string?> _signer = new("--signer")
    {
        HelpName = "URL",
        Description = "a remote signer for --from",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "report as JSON, one object on each line",
        Recursive = true,
    };

    /// <summary>Adds them to the verb above.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _l1, _l2, _portal, _from, _keyFile, _signer, _json })
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
        ReadUri(flags.GetValue(_l1)!),
        ReadUri(flags.GetValue(_l2)!),
        Address.Parse(flags.GetValue(_portal)!),
        flags.GetValue(_from) is { } from ? Address.Parse(from) : null,
        flags.GetValue(_keyFile),
        flags.GetValue(_signer) is { } signer ? ReadUri(signer) : null);

    private static Uri ReadUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new CulverinException(
                ErrorCode.InvalidArgument, $"'{text}' is no http or https address.");
}
