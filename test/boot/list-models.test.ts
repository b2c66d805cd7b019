import { expect, test } from 'vitest'
import { listModels } from '../../src/boot/list-models.ts'
import { families } from '../phones/shipped.ts'

const models = listModels(families)

test('what stands on a box leads to the product in it', () => {
  for (const box of ['w73p', 'w76p', 'w79p']) expect(models.get(box)).toMatchObject({ model: 'W70B', lines: 10 })
  expect(models.get('w60p')).toMatchObject({ family: 'yealink', model: 'W60B', alias: 'W60P' })
  expect(models.get('w70b')).toEqual(expect.not.objectContaining({ alias: expect.anything() as unknown }))
})

test('products that stand on desks today are known', () => {
  const names = `T19P_E2 T23P T27G T31G T33G T40G T42S T43U T44U T46U T48U T53W T54W T57W T58W T73W T74W T85W T87W CP925 CP965
    W52P W60B W70B W80B AX83H GXP1625 GXP1760 GXP1782 GXP2135 GXP2170 GRP2601 GRP2612 GRP2614 GRP2616 GRP2650 GRP2670
    GHP611 GHP621 GHP631 WP810 WP822 WP826 GXV3480 HT802 HT818 DP752 X1SG X3SG X3U X4U X5U X6U X7 X210 X303G H2U H5W W611W V65
    V67 CP-8851-3PCC CP-7841-3PCC CP-6841-3PCC CP-8875-3PCC DP-9841 DP-9851 DP-9861 DP-9871 SPA504G SPA525G2 CP-7962G
    D713 D735 D785 D335 D385 D812 D862 D865 M900 VVX_250 VVX_450 VVX_601 CCX_500 Edge_E220 Edge_E350 Edge_E550 SPIP_335
    6867i 6930 6940 6970 N670 N870 UC926 UC924 UC860 P325 P370 D65 D80 S705 KX-HDV230 KX-TGP600 J179 C450HD`
  const missing = names.split(/\s+/).filter((name) => !models.has(name.toLowerCase()))
  expect(missing).toEqual([])
})
