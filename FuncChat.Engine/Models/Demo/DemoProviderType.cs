using FuncChat.Engine.Models.Catalog;
using Microsoft.Extensions.Options;

namespace FuncChat.Engine.Models.Demo;

/// <summary>Type `demo`: the scripted model, next to real ones.</summary>
internal sealed class DemoProviderType(IServiceProvider services, TimeProvider time) : IModelProviderType
{
    public ProviderTypeInfo Info => ProviderTypeInfo.Demo;

    // Reading the settings needs the types, so a type can use the settings only once it connects.
    public ProviderConnection Connect(ProviderSettings settings) =>
        new(new DemoModel(((IOptions<ModelSettings>)services.GetService(typeof(IOptions<ModelSettings>))!).Value.DemoWordDelay, time));
}
