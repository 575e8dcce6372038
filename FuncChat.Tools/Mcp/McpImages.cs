using System.Buffers.Text;
using ModelContextProtocol.Protocol;

namespace FuncChat.Tools.Mcp;

/// <summary>Keeps the images of a result as files.</summary>
internal static class McpImages
{
    private const int MaxImages = 8;

    /// <returns>The ids of those that were kept.</returns>
    public static async Task<IReadOnlyDictionary<ImageContentBlock, string>> KeepAsync(CallToolResult result, IToolRun? run, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<ImageContentBlock, string>(ReferenceEqualityComparer.Instance);
        foreach (var image in result.Content.OfType<ImageContentBlock>().Take(MaxImages))
        {
            if (run is not null && Decode(image) is { } content && await run.KeepImageAsync(content, cancellationToken) is { } id)
                ids[image] = id;
        }

        return ids;
    }

    private static byte[]? Decode(ImageContentBlock image)
    {
        var base64 = image.Data.Span;
        var content = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, content, out _, out var length) == System.Buffers.OperationStatus.Done ? content[..length] : null;
    }
}
