namespace FuncChat.Tools.Fetch;

/// <summary>Reads the bodies of answers, counted after decompression, so that a small bomb can't become a large body.</summary>
internal static class LimitedBody
{
    public const int MaxBytes = 5 * 1024 * 1024;

    private const string TooLarge = "The answer is larger than 5 MB, which is too large to read.";

    /// <exception cref="ToolException">The body is too large, broken, or ends early.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxBytes)
            throw new ToolException(TooLarge);

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var whole = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (whole.Length + read > MaxBytes)
                    throw new ToolException(TooLarge);
                whole.Write(buffer, 0, read);
            }

            return whole.GetBuffer().AsMemory(0, (int)whole.Length);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            throw new ToolException("The answer broke off, or was sent in a broken form.", exception);
        }
    }
}
