using System.CommandLine;
using System.Globalization;
using Culverin.Harness.Host;

namespace Culverin.Harness.HostCli;

/// <summary>
/// The flags that say which L2 it is: its chain id, its name, or the file of its configuration. One of them
/// must be there.
/// </summary>
internal sealed class ChainIdOptions
{
    // Names as op-program takes them, from the Superchain registry; its own form of the name stands second.
    private static readonly (string Name, string Other, ulong Id)[] Networks =
        [("op-mainnet", "mainnet-op", 10), ("op-sepolia", "sepolia-op", 11155420)];

    private readonly Option<ulong?> _id = new("--l2-chain-id")
    {
        Description = "Chain id of the L2",
    };

    private readonly Option<string?> _network = new("--network")
    {
        Description = "Name of the L2 (op-mainnet, op-sepolia), or its chain id",
    };

    private readonly Option<string?> _configuration = new("--rollup-config-path", "--rollup.config")
    {
        Description = "File rollup.json of the L2; its chain id is read",
    };

    /// <summary>Adds the flags to a command.</summary>
    internal void AddTo(Command command)
    {
        command.Add(_id);
        command.Add(_network);
        command.Add(_configuration);
        command.Validators.Add(result =>
        {
            Option[] all = [_id, _network, _configuration];
            if (all.Count(option => result.GetResult(option) is not null) != 1)
            {
                result.AddError("Give one of --l2-chain-id, --network and --rollup-config-path.");
            }
        });
        _network.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && FindNetwork(result.Tokens[0].Value) is null)
            {
                result.AddError(
                    $"The network '{result.Tokens[0].Value}' is not known by name; give its chain id.");
            }
        });
    }

    /// <summary>The chain id.</summary>
    /// <exception cref="CulverinException">The file cannot be read, or names none.</exception>
    internal ulong Read(ParseResult flags) =>
        flags.GetValue(_id)
        ?? (flags.GetValue(_network) is { } name ? FindNetwork(name) : null)
        ?? ProgramConfiguration.ReadChainId(flags.GetValue(_configuration)!);

    private static ulong? FindNetwork(string name)
    {
        foreach ((string known, string other, ulong id) in Networks)
        {
            if (name == known || name == other)
            {
                return id;
            }
        }

        return ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : null;
    }
}
