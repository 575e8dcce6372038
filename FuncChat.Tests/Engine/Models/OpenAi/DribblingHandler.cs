using FuncChat.Tools.Fetch;

namespace FuncChat.Tests.Engine.Models.OpenAi;

/// <summary>
/// Hands out what comes from the socket in the smallest pieces, as a network may. What the server flushes may be joined on its way; this is
/// where the test decides what a read returns.
/// </summary>
internal sealed class DribblingHandler(HttpMessageHandler inner, int bytesPerRead) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        response.Content = new StreamContent(new DribblingStream(body, bytesPerRead));
        return response;
    }

    private sealed class DribblingStream(Stream body, int bytesPerRead) : ReadStream(body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Body.ReadAsync(buffer[..Math.Min(buffer.Length, bytesPerRead)], cancellationToken);
    }
}
