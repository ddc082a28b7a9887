using System.CommandLine;

namespace Culverin.Cli.Flags;

/// <summary>
/// A flag with a text. An empty one is refused, since it is mostly what a script's unset variable leaves and
/// must not pass for a flag that was not given; some flags of the reference have a meaning for it.
/// </summary>
/// <param name="name">With two dashes.</param>
/// <param name="mayBeEmpty">Whether an empty text has a meaning.</param>
internal sealed class TextFlag(string name, bool mayBeEmpty) : Option<string>(name)
{
    /// <summary>Whether an empty text has a meaning.</summary>
    public bool MayBeEmpty { get; } = mayBeEmpty;
}
