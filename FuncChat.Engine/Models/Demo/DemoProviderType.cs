using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Type `demo`: the scripted model, next to real ones.</summary>
internal sealed class DemoProviderType(IServiceProvider services, TimeProvider time) : IModelProviderType
{
    public ProviderTypeInfo Info => ProviderTypeInfo.Demo;

    // The settings are read with the types: by their own time they are there.
    public ProviderConnection Connect(ProviderSettings settings) =>
        new(new DemoModel(((IOptions<ModelSettings>)services.GetService(typeof(IOptions<ModelSettings>))!).Value.DemoWordDelay, time));
}
