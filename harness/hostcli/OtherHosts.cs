using System.CommandLine;

namespace Culverin.Harness.HostCli;

/// <summary>
/// What op-challenger gives op-program and kona-host beyond the flags that mean something here, so that this
/// host can be named in their place.
/// </summary>
internal static class OtherHosts
{
    // kona-host's word for one chain, in front of its flags.
    private const string SingleChain = "single";

    private static readonly string[] Switches =
    [
        "--server", "--l2.custom", "--l1.trustrpc", "--log.color", "--log.pid",
        "--enable-experimental-witness-endpoint",
    ];

    private static readonly string[] Values =
    [
        "--l2.genesis", "--l2.experimental", "--l1.rpckind", "--l1.chainconfig", "--l1.genesis",
        "--l1-config-path", "--depset.config", "--data.format", "--log.level", "--log.format",
    ];

    /// <summary>Adds flags that are taken and have no effect: the program has its configuration.</summary>
    internal static void AddFlags(Command command)
    {
        foreach (string name in Switches)
        {
            command.Add(new Option<bool>(name) { Hidden = true });
        }

        foreach (string name in Values)
        {
            command.Add(new Option<string>(name) { Hidden = true });
        }
    }

    /// <summary>
    /// Takes kona-host's word for one chain and its wishes for more words (-v, -vv, …) from a command line.
    /// </summary>
    internal static string[] Simplify(string[] arguments) =>
    [
        .. arguments
            .Where(argument => !IsVerbosity(argument))
            .Where((argument, place) => place > 0 || argument != SingleChain),
    ];

    private static bool IsVerbosity(string argument) =>
        argument.Length > 1 && argument[0] == '-' && argument.AsSpan(1).IndexOfAnyExcept('v') < 0;
}
