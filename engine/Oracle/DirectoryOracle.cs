using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle;

/// <summary>
/// Serves pre-images from a folder with one file per key. A file is named by the 64 lower-case hex digits of
/// its key, or by the same with <c>0x</c> before them (some tools write keys so); the plain name wins. Its
/// whole content is the value. Hints are ignored. Files are opened per request, so they may appear while the
/// guest runs.
/// </summary>
internal sealed class DirectoryOracle : IPreimageOracle
{
    private readonly string _path;
    private readonly OracleOptions _options;

    /// <summary>Serves from <paramref name="path"/>, which must be an existing folder.</summary>
    public DirectoryOracle(string path, OracleOptions? options = null)
    {
        _options = options ?? OracleOptions.Default;
        _options.Validate();
        if (!Directory.Exists(path))
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"There is no folder of pre-images at '{path}'.");
        }

        _path = path;
    }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        PreimageKey.Require(key);
        string prefixed = PreimageKey.Text(key);
        return ReadIfPresent(Path.Combine(_path, prefixed[2..]), key)
            ?? ReadIfPresent(Path.Combine(_path, prefixed), key)
            ?? throw new CulverinException(ErrorCode.PreimageMissing,
                $"The folder '{_path}' has no file for the pre-image key {prefixed}.");
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private byte[]? ReadIfPresent(string file, ReadOnlySpan<byte> key)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            NamedPipe.Refuse(file);
            using SafeFileHandle handle = File.OpenHandle(file);
            long lengthBytes = RandomAccess.GetLength(handle);
            if (lengthBytes > _options.PreimageBytesMax)
            {
                throw OracleErrors.TooLong(key, (ulong)lengthBytes, _options);
            }

            byte[] value = new byte[lengthBytes];
            int done = 0;
            while (done < value.Length)
            {
                int count = RandomAccess.Read(handle, value.AsSpan(done), done);
                if (count == 0)
                {
                    throw new CulverinException(
                        ErrorCode.FileAccess, $"The file '{file}' shrank while being read.");
                }

                done += count;
            }

            return value;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (OracleErrors.IsFileError(error))
        {
            throw OracleErrors.File(file, "read the pre-image file", error);
        }
    }
}
