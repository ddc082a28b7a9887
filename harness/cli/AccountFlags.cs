using System.CommandLine;
using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli;

/// <summary>The options that name the account which sends transactions on L1.</summary>
internal sealed class AccountFlags
{
    private const decimal MaxFeeDefaultGwei = 500;
    private const decimal MaxFeeGweiMax = 1_000_000_000;
    private const decimal WeiOfGwei = 1_000_000_000;

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

    private readonly Option<decimal> _maxFee = new("--max-fee")
    {
        HelpName = "GWEI",
        Description = "most that is offered for a unit of gas on L1, tip included (default: 500)",
        DefaultValueFactory = _ => MaxFeeDefaultGwei,
        Recursive = true,
    };

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_from, _keyFile, _signer, _maxFee];

    /// <summary>
    /// Reads them; throws <see cref="CulverinException"/> for a malformed address.
    /// </summary>
    public AccountSettings Read(ParseResult flags) => new(
        flags.GetValue(_from) is { } from ? Address.Parse(from) : null,
        flags.GetValue(_keyFile),
        flags.GetValue(_signer) is { } signer ? ReadUri(signer) : null,
        ReadFee(flags.GetValue(_maxFee)));

    private static BigInteger ReadFee(decimal gwei) => gwei is > 0 and <= MaxFeeGweiMax
        ? (BigInteger)(gwei * WeiOfGwei)
        : throw new CulverinException(
            ErrorCode.InvalidArgument,
            $"{gwei} gwei are no limit of fees: more than 0 and at most 10^9 are.");

    /// <summary>The address of a node or signer; throws <see cref="CulverinException"/>.</summary>
    public static Uri ReadUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new CulverinException(
                ErrorCode.InvalidArgument, $"'{text}' is no http or https address.");
}
