namespace Culverin.Harness.Report.Stories;

/// <summary>Writes a page or report to a file, so that there is always a whole one.</summary>
public static class StoryFile
{
    /// <summary>
    /// Writes a text to a file, by way of another file in the same folder, which is made if need be.
    /// </summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static async Task WriteAsync(
        string path, string text, CancellationToken cancellation = default)
    {
        try
        {
            string whole = Path.GetFullPath(path);
            string unfinished = $"{whole}.{Environment.ProcessId}.part";
            _ = Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
            try
            {
                await File.WriteAllTextAsync(unfinished, text, cancellation).ConfigureAwait(false);
                File.Move(unfinished, whole, overwrite: true);
            }
            finally
            {
                // Nothing is there after a good end; after another one half a page must not stay.
                File.Delete(unfinished);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"'{path}' cannot be written: {error.Message}", error);
        }
    }
}
