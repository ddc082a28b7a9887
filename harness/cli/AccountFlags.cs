using System;
using System.Collections.Generic;
using System.CommandLine;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Cli;

/// <summary>The options that name the account which sends transactions on L1.</summary>
internal sealed class AccountFlags
{
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

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_from, _keyFile, _signer];

    /// <summary>
    /// Reads them; throws <see cref="CulverinException"/> for a malformed address.
    /// </summary>
    public AccountSettings Read(ParseResult flags) => new(
        flags.GetValue(_from) is { } from ? Address.Parse(from) : null,
        flags.GetValue(_keyFile),
        flags.GetValue(_signer) is { } signer ? ReadUri(signer) : null);

    /// <summary>The address of a node or signer; throws <see cref="CulverinException"/>.</summary>
    public static Uri ReadUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new CulverinException(
                ErrorCode.InvalidArgument, $"'{text}' is no http or https address.");
}
