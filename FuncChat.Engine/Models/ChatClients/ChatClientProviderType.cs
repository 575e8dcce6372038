using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>A type of provider whose clients the host creates: any <see cref="IChatClient"/>.</summary>
internal sealed class ChatClientProviderType(string name, Func<ProviderSettings, IChatClient> create, TimeProvider time) : IModelProviderType
{
    public ProviderTypeInfo Info { get; } = new(name) { HasUrl = false };

    public ProviderConnection Connect(ProviderSettings settings)
    {
        var model = new ChatClientModel(create(settings), settings.Models.Provider, time)
        {
            ApiKey = settings.ApiKey,
            IdleTimeout = settings.IdleTimeout ?? ChatClientModel.DefaultIdleTimeout,
            OverallTimeout = settings.Timeout ?? ChatClientModel.DefaultOverallTimeout,
        };
        return new ProviderConnection(model) { Address = settings.Url };
    }
}
