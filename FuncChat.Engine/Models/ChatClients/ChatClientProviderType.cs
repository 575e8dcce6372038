using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Models.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>A type of provider whose clients the host creates: any <see cref="IChatClient"/>.</summary>
internal sealed class ChatClientProviderType(string name, Func<ProviderSettings, IChatClient> create, TimeProvider time, ILogger<ChatClientModel> logger) : IModelProviderType
{
    public ProviderTypeInfo Info { get; } = new(name) { HasUrl = false };

    public ProviderConnection Connect(ProviderSettings settings)
    {
        var model = new ChatClientModel(create(settings), settings.Models.Provider, time)
        {
            ApiKey = settings.ApiKey,
            IdleTimeout = settings.IdleTimeout ?? CallTimeouts.DefaultIdle,
            OverallTimeout = settings.Timeout ?? CallTimeouts.DefaultOverall,
            Retries = new RetryPolicy(settings.Models.Provider, settings.MaxRetries ?? RetryPolicy.DefaultMaxRetries, logger),
        };
        return new ProviderConnection(model) { Address = settings.Url };
    }
}
