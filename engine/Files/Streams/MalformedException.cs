namespace Culverin.Files.Streams;

/// <summary>
/// A parser's complaint about a file's content; <see cref="InputFile"/> turns it into a
/// <see cref="CulverinException"/> that names the file. The message is a clause that follows "cannot be
/// used:".
/// </summary>
internal sealed class MalformedException : Exception
{
    /// <summary>Makes a complaint.</summary>
    public MalformedException(string why)
        : base(why)
    {
    }
}
