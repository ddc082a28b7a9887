using System.Globalization;
using System.Text;
using Culverin.Files.Streams;

namespace Culverin.Trace;

/// <summary>
/// The file of a trace's folder that tells the spacing it was built with, so that who asks or goes on later
/// need not know it. It only advises: one that is missing or damaged counts as none.
/// </summary>
internal sealed class SpacingNote
{
    private const string Name = "spacing-steps";
    private const int LengthMaxBytes = 32;

    private readonly string _path;
    private readonly ulong _noted;
    private readonly bool _isReadOnly;

    /// <summary>Reads a folder's.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="askedSteps">What is wanted instead; 0 for what the note says.</param>
    /// <param name="isReadOnly">Whether nothing may be written.</param>
    public SpacingNote(string folder, ulong askedSteps, bool isReadOnly)
    {
        _path = Path.Combine(folder, Name);
        _noted = Read(_path);
        _isReadOnly = isReadOnly;
        ulong known = _noted > 0 ? _noted : TraceOptions.DefaultSpacingSteps;
        Steps = askedSteps > 0 ? askedSteps : known;
    }

    /// <summary>Steps between two checkpoints to begin with.</summary>
    public ulong Steps { get; }

    /// <summary>Leaves it for those who open the folder later.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void Leave()
    {
        if (!_isReadOnly && _noted != Steps)
        {
            byte[] text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Steps}\n"));
            AtomicFile.Write(_path, file => file.Write(text));
        }
    }

    private static ulong Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists
                && file.Length is > 0 and <= LengthMaxBytes
                && Parse(File.ReadAllText(path).Trim()) is { } steps
                    ? steps
                    : 0;
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            return 0;
        }
    }

    private static ulong? Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong steps) ? steps : null;
}
