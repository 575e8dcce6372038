using System.Runtime.CompilerServices;
using System.Text.Json;
using FuncChat.Engine.Models.Catalog;

namespace FuncChat.Engine.Models.Echo;

/// <summary>Type `echo`: a model that repeats the last message.</summary>
internal sealed class EchoProviderType : IModelProviderType
{
    public ProviderTypeInfo Info { get; } = new("echo") { HasUrl = false };

    public ProviderConnection Connect(ProviderSettings settings) => new(new EchoModel());

    private sealed class EchoModel : IModel
    {
        public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            using var message = JsonDocument.Parse(request.Messages[^1]);
            yield return ModelChunk.OfText(EscapedText.From(message.RootElement.GetProperty("content").ToString()));
            yield return ModelChunk.OfFinish(FinishReason.Stop);
        }
    }
}
